// Which of the two names of SCIM's one format an answer gets (RFC 7644 s3.8).
import { createMemory } from '../util/memory.ts';
import type { StepContext } from './state.ts';

export const scimJson = 'application/scim+json';
export type AnswerType = typeof scimJson | 'application/json';

const headers = Object.freeze({});
/** By the Accept header: a client sends the same one with every request. */
const recall = createMemory<typeof headers, AnswerType | false>(50);

/** application/json goes to clients that accept nothing else; false where a client accepts neither (RFC 9110 s12.5.1). */
export function acceptedType(ctx: StepContext): AnswerType | false {
  const { accept } = ctx.req.headers;
  if (accept === undefined) return scimJson;
  return recall(headers, accept, () => {
    if (ctx.accepts(scimJson) === scimJson) return scimJson;
    return ctx.accepts('application/json') === false ? false : 'application/json';
  });
}
