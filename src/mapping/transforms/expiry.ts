// active by the time at which an account ends: in days since 1970 (shadowExpire of RFC 2307) or in steps of 100 ns since
// 1601 (accountExpires of Active Directory). Nothing, 0 and less mean that it never does.
import { and, greaterOrEqual, type LdapFilter, lessOrEqual, matchAll, matchNone, not } from '../../ldap/filter.ts';
import { isLdapInteger } from '../../ldap/syntaxes/integer.ts';
import { NEVER, toFileTime } from './file-time.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

interface Unit {
  /** The last value that means "has ended" at a time in milliseconds. */
  readonly lastEnded: (now: number) => bigint;
  /** Replaces the end of an account that has none any more. */
  readonly never: readonly string[];
}

const units: Readonly<Record<string, Unit>> = {
  // The account ends with the beginning of that day (shadow 4.13, Linux-PAM 1.5).
  days: { lastEnded: (now) => BigInt(Math.floor(now / 86_400_000)), never: [] },
  // Samba 4.17 refuses to remove accountExpires.
  fileTime: { lastEnded: toFileTime, never: [NEVER] },
};

export const expiryTransform: TransformFactory = {
  name: 'expiry',
  description: 'active, by the time at which an account ends: shadowExpire in days, accountExpires as fileTime.',
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['unit'],
    properties: { unit: { enum: Object.keys(units), description: 'What the number counts.' } },
  },
  create({ unit }) {
    const counted = typeof unit === 'string' ? units[unit] : undefined;
    if (counted === undefined) throw new Error(`"unit" must be one of ${Object.keys(units).join(', ')}`);
    return createExpiry(counted);
  },
};

function createExpiry({ lastEnded, never }: Unit): Transform {
  const hasEnded = (value: Buffer, now: number): boolean => {
    const text = value.toString('latin1');
    return text.length <= 20 && isLdapInteger(text) && BigInt(text) > 0n && BigInt(text) <= lastEnded(now);
  };
  const isActive = (values: readonly Buffer[], now: number): boolean => !values.some((each) => hasEnded(each, now));
  return {
    name: 'expiry',
    traits: { types: ['boolean'], invertible: true, ordered: false, equality: false, substrings: false },
    orderedBy: 'integer',
    toScim: isActive,
    toLdap(value, now, held = []) {
      if (isUnassigned(value)) return [];
      if (typeof value !== 'boolean') throw notStorable(value, 'true or false');
      if (isActive(held, now) === value) return held;
      // A little before now: nobody shall take the very moment for the future.
      if (!value) return [String(lastEnded(now) - 1n)];
      return held.length === 0 ? [] : never;
    },
    toFilter(attribute, operator, value, now): LdapFilter | undefined {
      if (operator === 'pr') return matchAll;
      if (operator !== 'eq' && operator !== 'ne') return undefined;
      if (value?.type !== 'boolean') return operator === 'eq' ? matchNone : matchAll;
      const ended = and(greaterOrEqual(attribute, '1'), lessOrEqual(attribute, String(lastEnded(now))));
      return (operator === 'eq') === value.value ? not(ended) : ended;
    },
  };
}
