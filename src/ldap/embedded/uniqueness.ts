import { dnKey, isWithin } from '../dn.ts';
import { LdapError } from '../errors.ts';
import type { LdapFilter } from '../filter.ts';
import { printLdapFilter } from '../print-filter.ts';
import { resultCode } from '../result-codes.ts';
import type { DirectoryState } from './directory-state.ts';
import type { ValueSet } from './value-set.ts';

/** Refuses values that another entry below the rule's base has, as OpenLDAP's unique overlay does. Throws `LdapError` 19. */
export function refuseDuplicates(state: DirectoryState, dn: string, sets: readonly ValueSet[]): void {
  for (const { base, attribute } of state.unique) {
    const key = state.describe(attribute)?.key;
    const baseEntry = state.store.find(dnKey(base));
    const set = sets.find((each) => each.attribute.key === key);
    if (set === undefined || key === undefined || baseEntry === undefined || !isWithin(dn, base, 'subtree')) continue;
    const self = dnKey(dn);
    const taken = set.keys.some((value) => {
      for (const entry of state.store.lookup(key, value))
        if (entry.key !== self && entry.isBelow(baseEntry)) return true;
      return false;
    });
    if (!taken) continue;
    const filters = set.values.map((value): LdapFilter => ({ kind: 'equality', attribute, value }));
    throw new LdapError(
      resultCode.constraintViolation,
      `non-unique attributes found with ${printLdapFilter({ kind: 'or', filters })}`,
    );
  }
}
