import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import type { DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';
import { ValueSet } from './value-set.ts';

/** RFC 4517 s3.3.16. */
const INTEGER_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.27';

/** Changes to one entry that can be taken back. */
export interface EntryChanges {
  readonly entry: StoredEntry;
  add(set: ValueSet, permissive?: boolean): void;
  delete(set: ValueSet, permissive?: boolean): void;
  replace(set: ValueSet): void;
  increment(set: ValueSet): void;
  /** Adds where the value is not there yet. */
  ensure(set: ValueSet): void;
}

/** Runs the changes; where they throw, the entry is as it was before. */
export function changeEntry(state: DirectoryState, entry: StoredEntry, run: (changes: EntryChanges) => void): void {
  const undo: (() => void)[] = [];
  try {
    run(recordChanges(state, entry, undo));
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

function recordChanges({ store }: DirectoryState, entry: StoredEntry, undo: (() => void)[]): EntryChanges {
  const addValue = (set: ValueSet, key: string, value: Buffer) => {
    store.addValue(entry, set.attribute, key, value);
    undo.push(() => store.deleteValue(entry, set.attribute.key, key));
  };
  const exchange = (key: string, set: ValueSet | undefined) => {
    const before = store.exchange(entry, key, set);
    undo.push(() => store.exchange(entry, key, before));
  };
  const present = (set: ValueSet) => entry.attributes.get(set.attribute.key);
  const noRule = (operation: string, { attribute }: ValueSet) =>
    new LdapError(
      resultCode.inappropriateMatching,
      `modify/${operation}: ${attribute.name}: no equality matching rule`,
    );
  const absent = (operation: string, { attribute }: ValueSet, what: 'attribute' | 'value') =>
    new LdapError(resultCode.noSuchAttribute, `modify/${operation}: ${attribute.name}: no such ${what}`);

  const changes: EntryChanges = {
    entry,
    add(set, permissive = false) {
      if (present(set) !== undefined && set.attribute.type.equality === undefined) throw noRule('add', set);
      let index = 0;
      for (const [key, value] of set.entries()) {
        const exists = present(set)?.has(key) ?? false;
        if (exists && !permissive)
          throw new LdapError(
            resultCode.attributeOrValueExists,
            `modify/add: ${set.attribute.name}: value #${index} already exists`,
          );
        if (!exists) addValue(set, key, value);
        index++;
      }
    },
    delete(set, permissive = false) {
      if (present(set) === undefined) {
        if (permissive) return;
        throw absent('delete', set, 'attribute');
      }
      if (set.size === 0) return exchange(set.attribute.key, undefined);
      if (set.attribute.type.equality === undefined) throw noRule('delete', set);
      for (const key of set.keys) {
        const gone = store.deleteValue(entry, set.attribute.key, key);
        // A missing value is 16 under the permissive control too (seen on OpenLDAP 2.5.13).
        if (gone === undefined) throw absent('delete', set, 'value');
        undo.push(() => store.addValue(entry, set.attribute, key, gone));
      }
    },
    replace(set) {
      exchange(set.attribute.key, set);
    },
    increment(set) {
      const { attribute } = set;
      const values = present(set)?.values;
      if (values === undefined) throw absent('increment', set, 'attribute');
      if (attribute.type.syntax !== INTEGER_SYNTAX)
        throw new LdapError(
          resultCode.constraintViolation,
          `${attribute.name}: attribute syntax inappropriate for increment`,
        );
      const step = BigInt(set.values[0]?.toString('latin1') ?? '0');
      const sums = values.map((value) => Buffer.from(String(BigInt(value.toString('latin1')) + step)));
      exchange(attribute.key, ValueSet.of(attribute, sums));
    },
    ensure(set) {
      for (const [key, value] of set.entries()) if (!present(set)?.has(key)) addValue(set, key, value);
    },
  };
  return changes;
}
