// pwdAccountLockedTime of the password policy overlay (draft-behera-ldap-password-policy) <-> active. `000001010000Z`
// locks until somebody unlocks; a real time is a lock after too many wrong passwords, and means "not active" as well.
// OpenLDAP 2.5.13 then answers a bind with 49.

import { type LdapFilter, matchAll, matchNone, not, present } from '../../ldap/filter.ts';
import { toBytes } from '../../ldap/value.ts';
import { isUnassigned, notStorable } from './text.ts';
import type { Transform, TransformFactory } from './transform.ts';

const lockedForGood = '000001010000Z';

const transform: Transform = {
  name: 'accountLock',
  traits: { types: ['boolean'], invertible: true, ordered: false, equality: false, substrings: false },
  toScim: (values) => values.length === 0,
  toLdap(value) {
    if (isUnassigned(value)) return [];
    if (typeof value !== 'boolean') throw notStorable(value, 'true or false');
    return value ? [] : [lockedForGood];
  },
  // A lock after wrong passwords ends by pwdLockoutDuration; who is disabled has to stay so.
  passing: (values) => values.some((value) => value.toString('utf8') !== lockedForGood),
  // OpenLDAP 2.5.13 lifts the lock with a new password, whoever sets it. A lock after wrong passwords may go; the lock of
  // an administrator stays.
  keptThroughPassword: (values) => values.filter((value) => toBytes(value).toString('utf8') === lockedForGood),
  filterOf: 'all',
  toFilter(attribute, operator, value): LdapFilter | undefined {
    if (operator === 'pr') return matchAll;
    if (operator !== 'eq' && operator !== 'ne') return undefined;
    if (value?.type !== 'boolean') return operator === 'eq' ? matchNone : matchAll;
    const active = operator === 'eq' ? value.value : !value.value;
    return active ? not(present(attribute)) : present(attribute);
  },
};

export const accountLockTransform: TransformFactory = {
  name: 'accountLock',
  description: 'active, by the lock of the password policy overlay: pwdAccountLockedTime.',
  options: { type: 'object', additionalProperties: false },
  create: () => transform,
};
