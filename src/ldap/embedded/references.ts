// Referential integrity, as OpenLDAP's refint overlay keeps it (seen on 2.5.13): an entry that repairs have touched shows
// the overlay as its modifier and keeps its entryCSN and modifyTimestamp; where the last value goes, a name that stands
// for nobody comes.

import type { DirectoryState } from './directory-state.ts';
import { changeEntry } from './entry-changes.ts';
import { single } from './stamps.ts';
import { ValueSet } from './value-set.ts';

const REFERENCES = ['member', 'uniqueMember', 'manager', 'owner', 'secretary', 'seeAlso'] as const;
const OVERLAY = 'cn=Referential Integrity Overlay';

/** Takes the name of a deleted entry out of every reference. */
export function repairAfterDelete(state: DirectoryState, dn: string): void {
  repair(state, dn, undefined);
}

/** Writes the new name of an entry into every reference. */
export function repairAfterRename(state: DirectoryState, from: string, to: string): void {
  repair(state, from, to);
}

function repair(state: DirectoryState, from: string, to: string | undefined): void {
  if (!state.refint) return;
  for (const name of REFERENCES) {
    const attribute = state.describe(name);
    if (attribute === undefined) continue;
    const old = ValueSet.of(attribute, [Buffer.from(from)]);
    const [key = ''] = old.keys;
    for (const entry of Array.from(state.store.lookup(attribute.key, key)))
      changeEntry(state, entry, (changes) => {
        changes.delete(old);
        const next = to ?? (entry.attributes.has(attribute.key) ? undefined : state.nobody);
        if (next !== undefined) changes.ensure(single(state, name, next));
        changes.replace(single(state, 'modifiersName', OVERLAY));
      });
  }
}
