import { ScimError } from '../../scim/error.ts';
import type { Step } from '../state.ts';

export function notFound(): ScimError {
  return new ScimError(404, undefined, 'There is nothing at this URL.');
}

/** Innermost: reached only by requests that no route took. */
export const refuseUnknownPath: Step = () => {
  throw notFound();
};
