// Text as it is.

import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const transform: Transform = {
  name: 'string',
  traits: { types: ['string', 'reference'], invertible: true, ordered: true, equality: true, substrings: true },
  toScim: firstText,
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'string') throw notStorable(value, 'text');
    // Half a surrogate pair has no UTF-8 form: it would be stored as U+FFFD.
    if (!value.isWellFormed()) throw notStorable(value, 'well-formed Unicode');
    return [value];
  },
  toAssertion: (value) => (value.type === 'string' ? value.value : undefined),
};

export const stringTransform: TransformFactory = {
  name: 'string',
  description: 'Text as it is; what an attribute without a transform has.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};
