// One bit of an integer, such as userAccountControl or groupType of Active Directory, <-> true and false. All other bits
// stay as the entry has them: a write replaces the very number that was read, so that it fails where somebody else was
// faster. Filters ask by the bit-and rule of Active Directory, which OpenLDAP and 389 Directory Server have too.
import { type LdapFilter, matchAll, matchNone, not } from '../../ldap/filter.ts';
import { isLdapInteger } from '../../ldap/syntaxes/integer.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const BIT_AND = '1.2.840.113556.1.4.803';
const SIGN = 2 ** 31;

export const flagTransform: TransformFactory = {
  name: 'flag',
  description:
    'One bit of an integer, such as userAccountControl: `bit` is its value, `means` what the bit says where it is set.',
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['bit'],
    properties: {
      bit: { type: 'integer', minimum: 1, maximum: SIGN, description: 'The value of the bit: 1, 2, 4, 8, ...' },
      means: { type: 'boolean', description: 'The SCIM value where the bit is set: true unless given.' },
    },
  },
  create({ bit, means }) {
    const wrong = typeof bit !== 'number' || !Number.isInteger(Math.log2(bit));
    if (wrong) throw new Error(`"bit" must be the value of one bit: 1, 2, 4, 8, ...`);
    return createFlag(bit, means !== false);
  },
};

function createFlag(bit: number, means: boolean): Transform {
  const mask = BigInt(bit);
  return {
    name: 'flag',
    traits: { types: ['boolean'], invertible: true, ordered: false, equality: false, substrings: false },
    toScim: (values) => values.some((value) => ((readInteger(value) ?? 0n) & mask) !== 0n) === means,
    toLdap(value, _now, held = []) {
      if (isUnassigned(value)) return [];
      if (typeof value !== 'boolean') throw notStorable(value, 'true or false');
      const wanted = value === means;
      const numbers = held.flatMap((each) => readInteger(each) ?? []);
      if (numbers.length === 0) return wanted ? [printInteger(mask, bit)] : [];
      return numbers.map((number) => printInteger(wanted ? number | mask : number & ~mask, bit));
    },
    filterOf: 'all',
    toFilter(attribute, operator, value): LdapFilter | undefined {
      if (operator === 'pr') return matchAll;
      if (operator !== 'eq' && operator !== 'ne') return undefined;
      if (value?.type !== 'boolean') return operator === 'eq' ? matchNone : matchAll;
      const set: LdapFilter = { kind: 'extensible', rule: BIT_AND, attribute, value: String(bit), dnAttributes: false };
      return (operator === 'eq') === (value.value === means) ? set : not(set);
    },
  };
}

function readInteger(value: Buffer): bigint | undefined {
  const text = value.toString('latin1');
  return text.length <= 20 && isLdapInteger(text) ? BigInt(text) : undefined;
}

/** The highest of 32 bits is the sign: Active Directory takes -2147483646 and no 2147483650. */
function printInteger(number: bigint, bit: number): string {
  return String(bit === SIGN ? BigInt.asIntN(32, number) : number);
}
