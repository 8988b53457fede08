// PostalAddress (RFC 4517 s3.3.28), lines parted by `$`, <-> text with one line each.
import type { JsonValue } from '../../scim/json.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const transform: Transform = {
  name: 'postalAddress',
  traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: false },
  toScim(values) {
    const lines = toLines((firstText(values) ?? '').split('$'));
    return lines.length === 0 ? undefined : lines.map(unescapeLine).join('\n');
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
  return toLines(value.split(/\r\n|\r|\n/))
    .map(escapeLine)
    .join('$');
}

// A line has at least one character; people write "12 High Street $ Town" with spaces around the $.
function toLines(parts: readonly string[]): string[] {
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function escapeLine(line: string): string {
  return line.replaceAll('\\', '\\5C').replaceAll('$', '\\24');
}

function unescapeLine(line: string): string {
  return line.replace(/\\(24|5c)/gi, (_, code: string) => (code === '24' ? '$' : '\\'));
}
