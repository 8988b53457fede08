import { ScimError } from '../../scim/error.ts';
import { acceptedType } from '../accepted-type.ts';
import type { Step } from '../state.ts';

/** Refuses before anything is done what could not be answered in a form that the client takes (RFC 9110 s15.5.7). */
export const checkAccept: Step = async (ctx, next) => {
  if (acceptedType(ctx) === false) {
    throw new ScimError(406, undefined, 'This gateway answers with application/scim+json or application/json only.');
  }
  await next();
};
