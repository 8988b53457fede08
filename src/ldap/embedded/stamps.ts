import { randomUUID } from 'node:crypto';
import type { DirectoryState } from './directory-state.ts';
import type { EntryChanges } from './entry-changes.ts';
import { getAttribute } from './prepare-values.ts';
import type { StoredEntry } from './stored-entry.ts';
import { ValueSet } from './value-set.ts';

/** Who modified the entry and when (RFC 4512 s3.4), and the number of the change. */
export function stampModified(state: DirectoryState, changes: EntryChanges, actor: string): void {
  const { csn, timestamp } = state.changeNumbers.next();
  changes.replace(single(state, 'modifiersName', actor));
  changes.replace(single(state, 'modifyTimestamp', timestamp));
  changes.replace(single(state, 'entryCSN', csn));
}

/** The operational attributes of a new entry; what loaded content brought along stays. */
export function stampCreated(state: DirectoryState, entry: StoredEntry, actor: string): void {
  const loaded = entry.attributes.get('entrycsn')?.values[0]?.toString('latin1');
  if (loaded !== undefined) state.changeNumbers.seen(loaded);
  const { csn, timestamp } = state.changeNumbers.next();
  const stamps: readonly (readonly [string, string])[] = [
    ['entryUUID', randomUUID()],
    ['creatorsName', actor],
    ['createTimestamp', timestamp],
    ['entryCSN', csn],
    ['modifiersName', actor],
    ['modifyTimestamp', timestamp],
  ];
  for (const [name, text] of stamps) {
    const set = single(state, name, text);
    if (!entry.attributes.has(set.attribute.key)) entry.attributes.set(set.attribute.key, set);
  }
}

export function single(state: DirectoryState, name: string, text: string): ValueSet {
  return state.share(ValueSet.of(getAttribute(state, name), [Buffer.from(text)]));
}
