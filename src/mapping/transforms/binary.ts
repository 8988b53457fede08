// Octets <-> base64 (RFC 4648 s4), as RFC 7643 s2.3.6 wants binary values.
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

const transform: Transform = {
  name: 'binary',
  // No `equality`: jpegPhoto has no matching rule at all, userCertificate compares serial number and issuer.
  traits: { types: ['binary', 'string'], invertible: true, ordered: false, equality: false, substrings: false },
  toScim: (values) => values.find((value) => value.length > 0)?.toString('base64'),
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'string' || !base64Pattern.test(value)) throw notStorable(value, 'base64 text');
    return [Buffer.from(value, 'base64')];
  },
};

export const binaryTransform: TransformFactory = {
  name: 'binary',
  description: 'Octets, such as a certificate or a photo, as base64.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};
