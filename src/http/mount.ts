// Routes onto @koa/router: decodes path parameters, answers the methods that a path does not take, and turns a Koa
// context into the exchange that endpoints know.
import Router from '@koa/router';
import { clientName } from '../auth/principal.ts';
import { ScimError } from '../scim/error.ts';
import { interop } from '../scim/profile.ts';
import type { Endpoint, Exchange, Route } from './exchange.ts';
import { readJson } from './read-json.ts';
import type { RequestState, Step, StepContext } from './state.ts';
import { notFound } from './steps/not-found.ts';
import { writeReply } from './write-reply.ts';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Paths are case-sensitive (P8); a trailing slash is accepted (P7). The first route that fits a path owns it. */
export function mount(routes: readonly Route[], bodyBytes: number): Step {
  const router = new Router<RequestState>({ sensitive: true });
  for (const [path, endpoints] of routes) {
    const allowed = allowedMethods(Object.keys(endpoints));
    router.all(path, async (ctx) => {
      ctx.state.route = path;
      const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
      const endpoint = Object.hasOwn(endpoints, method) ? endpoints[method as keyof typeof endpoints] : undefined;
      if (endpoint !== undefined) await runEndpoint(endpoint, ctx, bodyBytes);
      else refuseMethod(ctx, allowed);
    });
  }
  // The router's types know a context of their own; at run time it is Koa's.
  return router.routes() as Step;
}

async function runEndpoint(endpoint: Endpoint, ctx: RouterContext, bodyBytes: number): Promise<void> {
  writeReply(ctx, await endpoint(toExchange(ctx, bodyBytes)));
}

type RouterContext = StepContext & { readonly captures?: readonly string[]; readonly params: Record<string, string> };

function toExchange(ctx: RouterContext, bodyBytes: number): Exchange {
  const { baseUrl, principal, requestId, signal, timer } = ctx.state;
  return {
    params: decodeParams(ctx),
    query: new URLSearchParams(ctx.querystring),
    context: {
      baseUrl,
      profile: principal?.profile ?? interop,
      client: principal === undefined ? '' : clientName(principal),
      access: principal?.access,
      requestId,
      signal,
    },
    ...(principal?.resource !== undefined && { caller: principal.resource }),
    header: (name) => (ctx.req.headers[name.toLowerCase()] === undefined ? undefined : ctx.get(name)),
    readJson: () => timer.measure('body', () => readJson(ctx.req, bodyBytes)),
    stage: (name, work) => timer.measure(name, work),
  };
}

/** The router hands malformed escapes on as they are; a name that cannot be decoded names nothing (C2). */
function decodeParams(ctx: RouterContext): Readonly<Record<string, string>> {
  const raw = ctx.captures ?? [];
  return Object.fromEntries(Object.keys(ctx.params).map((name, index) => [name, decodeSegment(raw[index] ?? '')]));
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound();
  }
}

function allowedMethods(methods: readonly string[]): string {
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** 405 with Allow where the path does not take the method, 501 where nothing here does (RFC 9110 s15.5.6, s15.6.2). */
function refuseMethod(ctx: RouterContext, allowed: string): void {
  if (ctx.method === 'OPTIONS') {
    writeReply(ctx, { status: 204, headers: { Allow: allowed } });
    return;
  }
  if (!knownMethods.has(ctx.method)) {
    throw new ScimError(501, undefined, 'This gateway does not implement this method.');
  }
  throw new ScimError(405, undefined, `This URL takes ${allowed}.`, { headers: { Allow: allowed } });
}
