// The last part of a security identifier (MS-DTYP s2.4.2) as the number that it is within one domain: what
// primaryGroupID of a user holds of the objectSid of its group.
import type { CompareValue } from '../../scim/filter/filter.ts';
import { filterByAssertion } from './filter-by-assertion.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

export const relativeIdTransform: TransformFactory = {
  name: 'relativeId',
  description:
    'The number of a security identifier kept as octets, such as objectSid, within the domain that `domain` names.',
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['domain'],
    properties: {
      domain: {
        description: 'Security identifier of the domain.',
        type: 'string',
        pattern: '^S-1-\\d{1,10}(-\\d{1,10}){1,14}$',
        errorHint: 'such as S-1-5-21-1004336348-1177238915-682003330, which Get-ADDomain shows as DomainSID',
        examples: ['S-1-5-21-1004336348-1177238915-682003330'],
      },
    },
  },
  create: ({ domain }) => createRelativeId(typeof domain === 'string' ? domain : ''),
};

const NUMBERS = 0x1_0000_0000;

function createRelativeId(domain: string): Transform {
  const [authority = 0, ...parts] = domain.split('-').slice(2).map(Number);
  if ([authority, ...parts].some((part) => part >= NUMBERS)) throw new Error(`${domain} has a number beyond 32 bits`);
  const start = Buffer.alloc(8 + 4 * parts.length);
  start[0] = 1;
  // With the part that makes an identifier of the domain's.
  start[1] = parts.length + 1;
  start.writeUIntBE(authority, 2, 6);
  for (const [index, part] of parts.entries()) start.writeUInt32LE(part, 8 + 4 * index);
  const toOctets = (text: string): Buffer | undefined => {
    const number = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : NUMBERS;
    if (number >= NUMBERS) return undefined;
    const end = Buffer.alloc(4);
    end.writeUInt32LE(number);
    return Buffer.concat([start, end]);
  };
  const toAssertion = (value: CompareValue): Buffer | undefined =>
    value.type === 'string' ? toOctets(value.value) : undefined;
  return {
    name: 'relativeId',
    traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: false },
    toScim(values) {
      const own = values.find((octets) => octets.length === start.length + 4 && octets.subarray(0, -4).equals(start));
      return own === undefined ? undefined : String(own.readUInt32LE(start.length));
    },
    toLdap(value) {
      if (isUnassigned(value)) return [];
      const octets = typeof value === 'string' ? toOctets(value) : undefined;
      if (octets === undefined) throw notStorable(value, 'a number of 32 bits');
      return [octets];
    },
    toAssertion,
    toFilter: filterByAssertion(toAssertion),
  };
}
