// Writes whose outcome matters beyond the answer: groups of a predecessor, an account whose lock was lifted, references to a
// name that may be gone. A directory that does not answer is asked again, and what it did before it fell silent is looked at.
import { setTimeout } from 'node:timers/promises';
import { LdapConnectionError, LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';

/** Tries, and milliseconds before the second one. */
const ATTEMPTS = 3;
const PAUSE = 250;

/** `work` has to be done, and may be done twice; or else `isDone` tells whether a try without an answer has done it. */
export async function inAttempts(work: () => Promise<unknown>, isDone?: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await (isDone === undefined ? work() : carryThrough(work, isDone));
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await setTimeout(PAUSE * attempt);
    }
  }
}

/**
 * The outcome of a write; undefined where its answer was lost and `isDone` finds that it was made. Where it was not, it is
 * sent again. Throws the loss of the answer where nobody can find out.
 */
export async function carryThrough<T>(write: () => Promise<T>, isDone: () => Promise<boolean>): Promise<T | undefined> {
  try {
    return await write();
  } catch (lost) {
    if (!isLost(lost)) throw lost;
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      await setTimeout(PAUSE * attempt);
      try {
        if (await isDone()) return undefined;
        return await write();
      } catch {
        // The first one may have been under way still, so that its own success makes the second one fail: look again.
      }
    }
    throw lost;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof LdapConnectionError && error.mayBeApplied;
}

function isPassing(error: unknown): boolean {
  const codes: readonly number[] = [resultCode.busy, resultCode.unavailable, resultCode.timeLimitExceeded];
  return error instanceof LdapConnectionError || (error instanceof LdapError && codes.includes(error.code));
}
