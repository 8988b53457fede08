// Numbers with a fraction, kept as text: LDAP has no such syntax, so `1.50` and `1.5` differ there and order is that of
// text. Filters are therefore evaluated by the gateway.
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const transform: Transform = {
  name: 'decimal',
  traits: { types: ['decimal'], invertible: true, ordered: false, equality: false, substrings: false },
  toScim(values) {
    const text = firstText(values);
    if (text === undefined || !numberPattern.test(text)) return undefined;
    const number = Number(text);
    // JSON has no use for a negative zero.
    return Number.isFinite(number) ? number + 0 : undefined;
  },
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notStorable(value, 'a number');
    return [String(value)];
  },
};

export const decimalTransform: TransformFactory = {
  name: 'decimal',
  description: 'A number that may have a fraction, kept as text.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};
