// The text form of a filter (RFC 4515): for people, logs, `explain` and tests. What goes over the wire is never made
// from it.
import type { LdapFilter } from './filter.ts';
import { findText } from './syntaxes/utf8.ts';
import type { LdapValue } from './value.ts';

/** Prints a filter by RFC 4515 s3; it reads back as the same filter. */
export function printLdapFilter(filter: LdapFilter): string {
  switch (filter.kind) {
    case 'and':
      return `(&${filter.filters.map(printLdapFilter).join('')})`;
    case 'or':
      return `(|${filter.filters.map(printLdapFilter).join('')})`;
    case 'not':
      return `(!${printLdapFilter(filter.filter)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'equality':
      return `(${filter.attribute}=${escapeValue(filter.value)})`;
    case 'greaterOrEqual':
      return `(${filter.attribute}>=${escapeValue(filter.value)})`;
    case 'lessOrEqual':
      return `(${filter.attribute}<=${escapeValue(filter.value)})`;
    case 'approx':
      return `(${filter.attribute}~=${escapeValue(filter.value)})`;
    case 'substrings': {
      const parts = [filter.initial ?? '', ...filter.any, filter.final ?? ''];
      return `(${filter.attribute}=${parts.map(escapeValue).join('*')})`;
    }
    case 'extensible': {
      const attribute = filter.attribute ?? '';
      const dn = filter.dnAttributes ? ':dn' : '';
      const rule = filter.rule === undefined ? '' : `:${filter.rule}`;
      return `(${attribute}${dn}${rule}:=${escapeValue(filter.value)})`;
    }
  }
}

const SPECIAL = /[()*\\\p{Cc}]/gu;

function escapeValue(value: LdapValue): string {
  if (typeof value === 'string') return value.toWellFormed().replace(SPECIAL, escapeCharacter);
  return (
    findText(value)?.replace(SPECIAL, escapeCharacter) ??
    Array.from(value, (octet) =>
      octet < 0x80 ? String.fromCharCode(octet).replace(SPECIAL, escapeCharacter) : `\\${octet.toString(16)}`,
    ).join('')
  );
}

function escapeCharacter(character: string): string {
  return Buffer.from(character, 'utf8')
    .toString('hex')
    .replace(/../g, (pair) => `\\${pair}`);
}
