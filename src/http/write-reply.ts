import { isLong } from '../scim/print-json.ts';
import { acceptedType, scimJson } from './accepted-type.ts';
import type { Reply } from './exchange.ts';
import type { StepContext } from './state.ts';
import { streamJson } from './stream-json.ts';

/** Puts a reply on the wire. The body is printed here, so that a value that cannot be printed still becomes a SCIM error. */
export function writeReply(ctx: StepContext, reply: Reply): void {
  const { body } = reply;
  const text = body === undefined ? undefined : isLong(body) ? streamJson(body) : JSON.stringify(body);
  // Of a request that was given up and answered meanwhile.
  if (ctx.headerSent) return;
  const { res } = ctx;
  ctx.status = reply.status;
  // Koa's `set` makes half a dozen objects for each header.
  for (const name in reply.headers) res.setHeader(name, reply.headers[name] ?? '');
  // Answers hold personal data, and SCIM clients keep versions themselves.
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (text === undefined) {
    ctx.body = null;
    // Setting an empty body makes Koa forget the status that was asked for.
    ctx.status = reply.status;
  } else {
    // Errors have one name, whatever the client accepts.
    res.setHeader('Content-Type', (reply.status < 400 && acceptedType(ctx)) || scimJson);
    ctx.body = text;
  }
}
