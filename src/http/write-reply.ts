import type { Reply } from './exchange.ts';
import type { StepContext } from './state.ts';

const scimJson = 'application/scim+json';

/** Puts a reply on the wire. The body is printed here, so that a value that cannot be printed still becomes a SCIM error. */
export function writeReply(ctx: StepContext, reply: Reply): void {
  const text = reply.body === undefined ? undefined : JSON.stringify(reply.body);
  ctx.status = reply.status;
  if (reply.headers !== undefined) ctx.set({ ...reply.headers });
  // Answers hold personal data, and SCIM clients keep versions themselves.
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Content-Type-Options', 'nosniff');
  if (text === undefined) {
    ctx.body = null;
    // Setting an empty body makes Koa forget the status that was asked for.
    ctx.status = reply.status;
  } else {
    ctx.set('Content-Type', responseType(ctx, reply.status));
    ctx.body = text;
  }
}

/** RFC 7644 s3.8: application/json goes to clients that accept nothing else; errors are always application/scim+json. */
function responseType(ctx: StepContext, status: number): string {
  const { accept } = ctx.req.headers;
  if (status >= 400 || accept === undefined || accept === scimJson) return scimJson;
  return ctx.accepts(scimJson) === scimJson ? scimJson : 'application/json';
}
