// The modifications that take others back, given the entry as it was before them.
import type { LdapEntry } from '../ldap/entry.ts';
import type { Modification } from '../ldap/operations.ts';

/** In reverse order: what was added goes, what was deleted comes back, what was replaced is as it was. */
export function invertModifications(modifications: readonly Modification[], before: LdapEntry): Modification[] {
  return [...modifications].reverse().map((modification): Modification => {
    const { operation, attribute, values } = modification;
    switch (operation) {
      case 'add':
        return { operation: 'delete', attribute, values };
      case 'delete':
        return { operation: 'add', attribute, values: values.length > 0 ? values : before.bytes(attribute) };
      case 'replace':
      case 'increment':
        return { operation: 'replace', attribute, values: before.bytes(attribute) };
    }
  });
}
