// Which part of the directory a resource type has: what lies below its bases, without the subtrees that it leaves out.
// LDAP has a scope for the first and nothing for the second that every directory knows, so searches go by the bases, and
// what comes of the subtrees is passed over by its DN.
import { isWithin } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import type { EntryRules } from './mapping.ts';

export type Reach = Pick<EntryRules, 'bases' | 'scope' | 'exclude'>;

/** Whether an entry of this DN may be of the type. */
export function isInReach(reach: Reach, dn: string): boolean {
  return reach.bases.some((base) => isWithin(dn, base, reach.scope)) && !isExcluded(reach, dn);
}

/** Of an entry that a search below the bases found by the filter: whether it is of the type, and exists for who asks. */
export function isOfType(rules: Reach & Pick<EntryRules, 'limit'>, entry: LdapEntry): boolean {
  const { limit } = rules;
  return !isExcluded(rules, entry.dn) && (limit === undefined || limit.exact || limit.holds(entry));
}

function isExcluded({ exclude }: Reach, dn: string): boolean {
  return exclude.some((top) => isWithin(dn, top, 'subtree'));
}
