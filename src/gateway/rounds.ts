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
      const doubt = staleness(error, run);
      if (doubt === 'none' || (doubt === 'possible' && round > 1)) throw error;
      if (round === ROUNDS) throw contended(error);
    }
  }
}

/** A value that is gone is a 16 where the directory has no assertion control. */
function staleness(error: unknown, run: Run): 'certain' | 'possible' | 'none' {
  if (!(error instanceof LdapError)) return 'none';
  const { memberExists, memberMissing } = run.dialect.codes;
  const stale: readonly number[] = [
    resultCode.assertionFailed,
    resultCode.noSuchAttribute,
    resultCode.attributeOrValueExists,
  ];
  if (stale.includes(error.code)) return 'certain';
  // Active Directory: 68 also says that a name is taken, 53 that the directory does not want to; a second try tells.
  return memberExists.includes(error.code) || memberMissing.includes(error.code) ? 'possible' : 'none';
}

function contended(cause: unknown): ScimError {
  const detail = 'Others keep changing the resource at the same time. Repeat the request.';
  return new ScimError(503, undefined, detail, { cause, headers: { 'Retry-After': '1' } });
}
