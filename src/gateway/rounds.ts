// Read-change-write in rounds: where the entry changed between reading and writing, the same request may well succeed on
// what is there now, or learn from its own If-Match that it may not.
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { ScimError } from '../scim/error.ts';
import type { Run } from './run.ts';

/** Rounds of reading and writing before a busy entry is given up. */
const ROUNDS = 8;

/** `work` reads the entry and writes on the basis of what it read. Throws 503 where others are always faster. */
export async function inRounds<T>(run: Run, work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isStale(error, run)) throw error;
      if (round === ROUNDS) throw contended(error);
    }
  }
}

/** A value that is gone is a 16 where the directory has no assertion control. */
function isStale(error: unknown, run: Run): boolean {
  if (!(error instanceof LdapError)) return false;
  const { memberExists, memberMissing } = run.dialect.codes;
  const stale: readonly number[] = [
    resultCode.assertionFailed,
    resultCode.noSuchAttribute,
    resultCode.attributeOrValueExists,
  ];
  return stale.includes(error.code) || memberExists.includes(error.code) || memberMissing.includes(error.code);
}

function contended(cause: unknown): ScimError {
  const detail = 'Others keep changing the resource at the same time. Repeat the request.';
  return new ScimError(503, undefined, detail, { cause, headers: { 'Retry-After': '1' } });
}
