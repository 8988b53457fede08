// The entry as a change will leave it, for what has to be known of it before anything is written.
import { firstRdn, parseDn } from '../ldap/dn.ts';
import { LdapEntry } from '../ldap/entry.ts';
import { toBytes } from '../ldap/value.ts';
import { valuesAfter } from './plan-password.ts';
import { type EntryChange, renamedDn } from './plan-write.ts';

/** `entry` has the attributes that matter; those of the new name are among its values then, those of the old one are not. */
export function entryAfter(entry: LdapEntry, change: EntryChange): LdapEntry {
  const { modifications, rename } = change;
  const attributes = new Map(entry.attributes);
  for (const name of new Set(modifications.map(({ attribute }) => attribute.toLowerCase()))) {
    attributes.set(name, valuesAfter(entry.bytes(name), name, modifications).map(toBytes));
  }
  if (rename !== undefined) {
    const put = (rdn: string, keep: boolean): void => {
      for (const { type, value } of parseDn(rdn)[0] ?? []) {
        const name = type.toLowerCase();
        const others = (attributes.get(name) ?? []).filter((each) => !each.equals(toBytes(value)));
        attributes.set(name, keep ? [...others, toBytes(value)] : others);
      }
    };
    put(firstRdn(entry.dn), false);
    put(rename, true);
  }
  return new LdapEntry(renamedDn(entry.dn, change), attributes);
}
