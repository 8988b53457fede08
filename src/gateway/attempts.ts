// Steps that have to be done, lest somebody keeps what is not theirs: groups of a predecessor, an account whose lock was lifted.
// A directory that does not answer is asked again.
import { setTimeout } from 'node:timers/promises';
import { LdapConnectionError, LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';

/** Tries, and milliseconds before the second one. */
const ATTEMPTS = 3;
const PAUSE = 250;

/** `work` is something that may be done twice. */
export async function inAttempts(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await setTimeout(PAUSE * attempt);
    }
  }
}

function isPassing(error: unknown): boolean {
  const codes: readonly number[] = [resultCode.busy, resultCode.unavailable, resultCode.timeLimitExceeded];
  return error instanceof LdapConnectionError || (error instanceof LdapError && codes.includes(error.code));
}
