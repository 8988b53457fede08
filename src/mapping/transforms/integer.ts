// The LDAP syntax INTEGER (RFC 4517 s3.3.16) <-> JSON numbers without fraction.
import { isLdapInteger } from '../../ldap/syntaxes/integer.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const transform: Transform = {
  name: 'integer',
  traits: { types: ['integer'], invertible: true, ordered: true, equality: true, substrings: false },
  toScim(values) {
    const text = firstText(values);
    // Leading zeros are no INTEGER, and 007 would not survive being written back.
    if (text === undefined || !isLdapInteger(text)) return undefined;
    const number = Number(text);
    // Beyond 2^53 a JSON number would name another integer.
    return Number.isSafeInteger(number) ? number : undefined;
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw notStorable(value, 'a whole number between -(2^53 - 1) and 2^53 - 1');
    }
    return [String(value)];
  },
  toAssertion: (value) =>
    value.type === 'number' && Number.isSafeInteger(value.value) ? String(value.value) : undefined,
};

export const integerTransform: TransformFactory = {
  name: 'integer',
  description: 'A whole number.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};
