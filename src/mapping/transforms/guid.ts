// GUIDs as Active Directory keeps them (MS-DTYP s2.3.4.2): 16 octets, of which the first three fields are numbers with
// their least octet first, <-> the text that its tools show, in lower case. SCIM ids compare letter by letter, so that
// one in upper case finds nothing.
import { isUuid } from '../../ldap/syntaxes/uuid.ts';
import type { CompareValue } from '../../scim/filter/filter.ts';
import { filterByAssertion } from './filter-by-assertion.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const transform: Transform = {
  name: 'guid',
  traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: false },
  toScim(values) {
    const octets = values.find(({ length }) => length === 16);
    return octets === undefined ? undefined : swapped(octets).toString('hex').replace(fields, '$1-$2-$3-$4-$5');
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'string' || !isUuid(value)) throw notStorable(value, 'a GUID');
    return [toOctets(value)];
  },
  toAssertion,
  toFilter: filterByAssertion(toAssertion),
  writeUuid(value, words, at) {
    if (value.length !== 16) return false;
    words[at] = value.readUInt32LE(0);
    words[at + 1] = value.readUInt16LE(4) * 0x1_0000 + value.readUInt16LE(6);
    words[at + 2] = value.readUInt32BE(8);
    words[at + 3] = value.readUInt32BE(12);
    return true;
  },
};

export const guidTransform: TransformFactory = {
  name: 'guid',
  description: 'A GUID kept as 16 octets, such as objectGUID, as the text that tools show, in lower case.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};

const fields = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

function toAssertion(value: CompareValue): Buffer | undefined {
  if (value.type !== 'string' || !isUuid(value.value) || value.value !== value.value.toLowerCase()) return undefined;
  return toOctets(value.value);
}

function toOctets(text: string): Buffer {
  return swapped(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** The octets of the three numbers the other way round: its own inverse. */
function swapped(octets: Buffer): Buffer {
  const copy = Buffer.from(octets);
  copy.subarray(0, 4).reverse();
  copy.subarray(4, 6).reverse();
  copy.subarray(6, 8).reverse();
  return copy;
}
