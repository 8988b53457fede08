// The LDAP syntax Boolean, `TRUE` and `FALSE` (RFC 4517 s3.3.3), <-> JSON true and false.
import { equality, type LdapFilter, matchAll, matchNone, not } from '../../ldap/filter.ts';
import { parseLdapBoolean, printLdapBoolean } from '../../ldap/syntaxes/boolean.ts';
import type { CompareOperator, CompareValue } from '../../scim/filter/filter.ts';
import { firstText, isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const plain: Transform = {
  name: 'boolean',
  traits: { types: ['boolean'], invertible: true, ordered: false, equality: true, substrings: false },
  toScim: (values) => readBoolean(firstText(values)),
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'boolean') throw notStorable(value, 'true or false');
    return [printLdapBoolean(value)];
  },
  toAssertion: (value) => (value.type === 'boolean' ? printLdapBoolean(value.value) : undefined),
};

export const booleanTransform: TransformFactory = {
  name: 'boolean',
  description: 'TRUE and FALSE of the directory; `absent` is what a missing value means.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      absent: { type: 'boolean', description: 'The value of entries that have none in the directory.' },
    },
  },
  create({ absent }) {
    return typeof absent === 'boolean' ? withAbsent(absent) : plain;
  },
};

function withAbsent(absent: boolean): Transform {
  return {
    ...plain,
    // Of several values the one that is not the default counts, as in the filter.
    toScim: (values) => (values.some((value) => readBoolean(value.toString('utf8')) === !absent) ? !absent : absent),
    filterOf: 'all',
    toFilter: (attribute, operator, value) => filterWithAbsent(attribute, operator, value, absent),
  };
}

/** Only the value that is not the default can be asked for; all other entries have the default. */
function filterWithAbsent(
  attribute: string,
  operator: CompareOperator | 'pr',
  value: CompareValue | undefined,
  absent: boolean,
): LdapFilter | undefined {
  if (operator === 'pr') return matchAll;
  if (operator !== 'eq' && operator !== 'ne') return undefined;
  if (value?.type !== 'boolean') return operator === 'eq' ? matchNone : matchAll;
  const wanted = operator === 'eq' ? value.value : !value.value;
  const stored = equality(attribute, printLdapBoolean(!absent));
  return wanted === absent ? not(stored) : stored;
}

// Attributes with a text syntax hold it in any case: `nsAccountLock: true` of 389-DS 2.3.1.
function readBoolean(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : parseLdapBoolean(text.toUpperCase());
}
