import type { Observe } from '../../observe/observation.ts';
import { ScimError } from '../../scim/error.ts';
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
      const { requestId } = ctx.state;
      if (isFailure(error.status)) observe({ kind: 'requestFailed', requestId, error: thrown });
      else if (thrown instanceof ScimError && thrown.cause !== undefined) {
        observe({ kind: 'requestRefused', requestId, status: error.status, error: thrown.cause });
      }
      writeReply(ctx, { status: error.status, headers: error.headers, body: errorBody(error) });
    }
  };
}
