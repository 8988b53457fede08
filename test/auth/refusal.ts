import assert from 'node:assert/strict';
import type { Authenticator } from '../../src/auth/authenticate.ts';
import type { AuthenticationRequest } from '../../src/auth/method.ts';
import { ScimError } from '../../src/scim/error.ts';

/** The error that refuses a request; fails where it is let in. */
export async function refusalOf(authenticator: Authenticator, request: AuthenticationRequest): Promise<ScimError> {
  try {
    await authenticator.authenticate(request);
  } catch (error) {
    assert.ok(error instanceof ScimError, String(error));
    return error;
  }
  return assert.fail('was let in');
}

/** What the operator's log says of it. */
export function reasonOf(error: ScimError): string {
  return error.cause instanceof Error ? error.cause.message : '';
}
