import type { Observe } from '../../observe/observation.ts';
import { errorBody } from '../../scim/messages.ts';
import type { Step } from '../state.ts';
import { isFailure, toScimError } from '../to-scim-error.ts';
import { writeReply } from '../write-reply.ts';

/** The one place where an error becomes an answer: a SCIM error body, whoever threw (O1). */
export function catchErrors(observe: Observe): Step {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = toScimError(thrown, ctx.state.requestId);
      if (isFailure(error.status)) observe({ kind: 'requestFailed', requestId: ctx.state.requestId, error: thrown });
      writeReply(ctx, { status: error.status, headers: error.headers, body: errorBody(error) });
    }
  };
}
