// Which operators an attribute's type allows, and what a literal of a filter means to it (RFC 7644 s3.4.2.2).
import type { ClientProfile } from '../profile.ts';
import { parseDateTime } from '../schema/date-time.ts';
import type { AttributeType, SchemaAttribute } from '../schema/schema.ts';
import type { CompareOperator, CompareValue } from './filter.ts';

const equality: readonly CompareOperator[] = ['eq', 'ne'];
const ordering: readonly CompareOperator[] = [...equality, 'gt', 'ge', 'lt', 'le'];
const everything: readonly CompareOperator[] = [...ordering, 'co', 'sw', 'ew'];

/** G22, G24. A complex attribute has no comparison of its own. */
export const operatorsOfType: Readonly<Record<AttributeType, readonly CompareOperator[]>> = {
  string: everything,
  reference: everything,
  decimal: ordering,
  integer: ordering,
  dateTime: ordering,
  boolean: equality,
  binary: equality,
  complex: [],
};

/** The literal as a value of a simple attribute's type, or what the attribute takes instead, as the end of a sentence. */
export function typeValue(
  literal: string | number | boolean,
  attribute: SchemaAttribute,
  booleanStrings: ClientProfile['booleanStrings'] = 'accept',
): CompareValue | { readonly expected: string } {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      return typeof literal === 'string'
        ? { type: 'string', value: literal }
        : { expected: 'a string in double quotes' };
    case 'boolean':
      return typeBoolean(literal, booleanStrings);
    case 'decimal':
    case 'integer':
      return typeof literal === 'number' ? { type: 'number', value: literal } : { expected: 'a number without quotes' };
    case 'dateTime':
      return typeDateTime(literal);
    case 'binary':
      return typeBinary(literal);
    case 'complex':
      return { expected: 'no value itself; name a sub-attribute' };
  }
}

// G25: Entra ID writes booleans as "True" and "False".
function typeBoolean(
  literal: string | number | boolean,
  booleanStrings: ClientProfile['booleanStrings'],
): CompareValue | { readonly expected: string } {
  if (typeof literal === 'boolean') return { type: 'boolean', value: literal };
  const word = typeof literal === 'string' && booleanStrings === 'accept' ? literal.toLowerCase() : undefined;
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  return { expected: 'true or false' };
}

function typeDateTime(literal: string | number | boolean): CompareValue | { readonly expected: string } {
  const parsed = typeof literal === 'string' ? parseDateTime(literal) : undefined;
  if (typeof literal === 'string' && parsed !== undefined) {
    return { type: 'dateTime', value: parsed.milliseconds, text: literal };
  }
  const form = 'a date and time with zone such as "2026-01-31T08:30:00Z"';
  // G18: form decoding turns a bare plus into a space.
  const lostPlus = typeof literal === 'string' && / \d\d:\d\d$/.test(literal);
  return { expected: lostPlus ? `${form} (a "+" in a URL is written %2B)` : form };
}

function typeBinary(literal: string | number | boolean): CompareValue | { readonly expected: string } {
  const value = typeof literal === 'string' ? canonicalBase64(literal) : undefined;
  return value === undefined ? { expected: 'base64 text in double quotes' } : { type: 'binary', value };
}

/** Standard alphabet with padding, from base64 or base64url (RFC 4648) with or without it; undefined for other text. */
export function canonicalBase64(text: string): string | undefined {
  const bare = text.replace(/={0,2}$/, '');
  if (!/^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64').toString('base64');
}
