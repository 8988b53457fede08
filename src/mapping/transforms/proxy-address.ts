// proxyAddresses of Active Directory and Exchange: every address with its kind before it, `SMTP:` for the primary one,
// `smtp:` for the others, <-> addresses of which the first is the primary one. Addresses of other kinds (X500, SIP) are not
// shown and stay.
import { and, equality, type LdapFilter, not, substrings } from '../../ldap/filter.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { FilterBounds } from '../bounds.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const kind = 'smtp:';
const primaryKind = 'SMTP:';
/** What LDAP and SCIM compare alike. */
const plain = /^[\x21-\x7e]+$/;

const transform: Transform = {
  name: 'proxyAddress',
  traits: { types: ['string'], invertible: true, ordered: false, equality: true, substrings: true },
  toScim: (values) => readAddresses(values)[0],
  toLdap: (value) => (isUnassigned(value) ? [] : [`${kind}${addressOf(value)}`]),
  list: {
    toScim: readAddresses,
    toLdap: (values) => values.map((value, index) => `${index === 0 ? primaryKind : kind}${addressOf(value)}`),
  },
  filterOf: 'each',
  toFilter(attribute, operator, value): LdapFilter | FilterBounds | undefined {
    if (operator === 'pr') return somePresent(attribute);
    if (value?.type !== 'string' || !plain.test(value.value)) return undefined;
    const text = value.value;
    switch (operator) {
      case 'eq':
        return equality(attribute, `${kind}${text}`);
      case 'sw':
        return substrings(attribute, { initial: `${kind}${text}` });
      case 'co':
        return substrings(attribute, { initial: kind, any: [text] });
      case 'ew':
        return substrings(attribute, { initial: kind, final: text });
      case 'ne':
      case 'gt':
      case 'ge':
      case 'lt':
      case 'le':
        return undefined;
    }
  },
};

export const proxyAddressTransform: TransformFactory = {
  name: 'proxyAddress',
  description:
    'E-mail addresses in proxyAddresses, where SMTP: stands before the primary one and smtp: before the others.',
  keepsPrimary: true,
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};

/** A kind without an address, `smtp:` alone, is none; beside it there may be others that are. */
function somePresent(attribute: string): FilterBounds {
  const some = substrings(attribute, { initial: kind });
  return { upper: some, lower: and(some, not(equality(attribute, kind))) };
}

/** The primary one first. */
function readAddresses(values: readonly Buffer[]): string[] {
  const texts = values.map((value) => value.toString('utf8'));
  const of = (prefix: (text: string) => boolean): string[] =>
    texts.filter(prefix).flatMap((text) => (text.length > kind.length ? [text.slice(kind.length)] : []));
  const isPrimary = (text: string): boolean => text.startsWith(primaryKind);
  return [...of(isPrimary), ...of((text) => !isPrimary(text) && text.toLowerCase().startsWith(kind))];
}

function addressOf(value: JsonValue): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw notStorable(value, 'an e-mail address');
  return value;
}
