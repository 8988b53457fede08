// The filter of values that compare letter by letter in SCIM and are one LDAP value each, as ids are: what has no LDAP
// form equals nothing.
import { equality, matchAll, matchNone, not, present } from '../../ldap/filter.ts';
import type { Transform } from './transform.ts';

export function filterByAssertion(
  toAssertion: NonNullable<Transform['toAssertion']>,
): NonNullable<Transform['toFilter']> {
  return (attribute, operator, value) => {
    if (operator === 'pr') return present(attribute);
    if (operator !== 'eq' && operator !== 'ne') return undefined;
    const assertion = value === undefined ? undefined : toAssertion(value);
    if (assertion === undefined) return operator === 'eq' ? matchNone : matchAll;
    const found = equality(attribute, assertion);
    return operator === 'eq' ? found : not(found);
  };
}
