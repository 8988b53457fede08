// PostalAddress (RFC 4517 s3.3.28), lines parted by `$`, <-> text with one line each.
import { parsePostalAddress, printPostalAddress } from '../../ldap/syntaxes/postal-address.ts';
import type { JsonValue } from '../../scim/json.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const lineBreak = /\r\n|\r|\n/;

const transform: Transform = {
  name: 'postalAddress',
  traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: false },
  toScim(values) {
    const lines = toLines(parsePostalAddress(firstText(values) ?? ''));
    return lines.length === 0 ? undefined : lines.join('\n');
  },
  toLdap(value) {
    const text = toPostalAddress(value);
    return text === '' ? [] : [text];
  },
  toAssertion(value) {
    const text = value.type === 'string' && value.value.isWellFormed() ? toPostalAddress(value.value) : '';
    return text === '' ? undefined : text;
  },
};

export const postalAddressTransform: TransformFactory = {
  name: 'postalAddress',
  description: 'An address of several lines, parted by $ in the directory.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};

function toPostalAddress(value: JsonValue): string {
  if (isUnassigned(value)) return '';
  if (typeof value !== 'string' || !value.isWellFormed()) throw notStorable(value, 'text');
  return printPostalAddress(toLines([value]));
}

// A line has at least one character; people write "12 High Street $ Town" with spaces around the $.
function toLines(parts: readonly string[]): string[] {
  return parts.flatMap((part) => part.split(lineBreak).map((line) => line.trim())).filter((line) => line !== '');
}
