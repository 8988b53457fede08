// The entries of the embedded directory: the tree, and the indexes that keep searches and reference repair away from
// full scans. Every change of a value goes through here, so that the indexes never lag behind. It knows no operation,
// no access rule and no schema beyond the equality of values.
import { dnKey, parentDn } from '../dn.ts';
import type { Subschema } from '../subschema/subschema.ts';
import { baseKey } from './describe-attribute.ts';
import type { StoredEntry } from './stored-entry.ts';
import { type AttributeDescription, ValueSet } from './value-set.ts';

/** Equality indexes, where the schema knows the attribute. */
// biome-ignore format: names, not a column
const INDEXED: readonly string[] = [
  'objectClass', 'entryUUID', 'entryCSN', 'uid', 'cn', 'sn', 'givenName', 'displayName', 'mail',
  'employeeNumber', 'uidNumber', 'gidNumber', 'scimExternalId',
  'member', 'uniqueMember', 'memberUid', 'manager', 'owner', 'secretary', 'seeAlso', 'roleOccupant',
];

type Postings = StoredEntry | Set<StoredEntry>;

export class EntryStore {
  readonly #entries = new Map<string, StoredEntry>();
  readonly #indexes = new Map<string, Map<string, Postings>>();

  constructor(subschema: Subschema) {
    for (const name of INDEXED) {
      const type = subschema.attributeType(name);
      if (type !== undefined) this.#indexes.set((type.names[0] ?? type.oid).toLowerCase(), new Map());
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get entries(): IterableIterator<StoredEntry> {
    return this.#entries.values();
  }

  find(key: string): StoredEntry | undefined {
    return this.#entries.get(key);
  }

  /** The DN of the deepest entry on the way to a name that is not there; '' where there is none (RFC 4511 s4.1.9). */
  matchedDn(dn: string): string {
    for (let text = parentDn(dn); text !== ''; text = parentDn(text)) {
      const entry = this.find(dnKey(text));
      if (entry !== undefined) return entry.dn;
    }
    return '';
  }

  isIndexed(attributeKey: string): boolean {
    return this.#indexes.has(attributeKey);
  }

  /** Entries with that value; only for an indexed attribute. */
  lookup(attributeKey: string, valueKey: string): ReadonlySet<StoredEntry> {
    const postings = this.#indexes.get(attributeKey)?.get(valueKey);
    return postings instanceof Set ? postings : new Set(postings === undefined ? [] : [postings]);
  }

  insert(entry: StoredEntry): void {
    this.#entries.set(entry.key, entry);
    entry.parent?.addChild(entry);
    for (const set of entry.attributes.values()) this.#indexAll(entry, set);
  }

  remove(entry: StoredEntry): void {
    this.#entries.delete(entry.key);
    entry.parent?.removeChild(entry);
    entry.deleted = true;
    for (const set of entry.attributes.values()) this.#unindexAll(entry, set);
  }

  /** Gives an entry another name or place; everything below it moves along. */
  move(entry: StoredEntry, rdn: string, parent: StoredEntry): void {
    const moved = Array.from(entry.subtree());
    for (const each of moved) this.#entries.delete(each.key);
    entry.parent?.removeChild(entry);
    entry.rdn = rdn;
    entry.parent = parent;
    parent.addChild(entry);
    for (const each of moved) {
      each.key = dnKey(each.dn);
      this.#entries.set(each.key, each);
    }
  }

  /** Adds a value that the entry, already inserted, does not have. */
  addValue(entry: StoredEntry, attribute: AttributeDescription, key: string, value: Buffer): void {
    const set = entry.attributes.get(attribute.key);
    entry.attributes.set(attribute.key, set?.add(key, value) ?? ValueSet.of(attribute, [value]));
    const index = this.#indexOf(attribute.key);
    if (index !== undefined) post(index, key, entry);
  }

  /** Takes a value away, and the attribute with its last one; undefined where it was not there. */
  deleteValue(entry: StoredEntry, attributeKey: string, key: string): Buffer | undefined {
    const set = entry.attributes.get(attributeKey);
    const value = set?.get(key);
    if (set === undefined || value === undefined) return undefined;
    const rest = set.delete(key);
    if (rest.size === 0) entry.attributes.delete(attributeKey);
    else entry.attributes.set(attributeKey, rest);
    const index = this.#indexOf(attributeKey);
    if (index !== undefined) unpost(index, attributeKey, key, entry);
    return value;
  }

  /** Exchanges all values of an attribute for others; the ones that were there come back. */
  exchange(entry: StoredEntry, attributeKey: string, set: ValueSet | undefined): ValueSet | undefined {
    const before = entry.attributes.get(attributeKey);
    entry.attributes.delete(attributeKey);
    if (before !== undefined) this.#unindexAll(entry, before);
    if (set !== undefined && set.size > 0) {
      entry.attributes.set(attributeKey, set);
      this.#indexAll(entry, set);
    }
    return before;
  }

  #indexOf(attributeKey: string): Map<string, Postings> | undefined {
    // `(cn=x)` is true for `cn;lang-de: x` too.
    return this.#indexes.get(baseKey(attributeKey));
  }

  #indexAll(entry: StoredEntry, set: ValueSet): void {
    const index = this.#indexOf(set.attribute.key);
    if (index !== undefined) for (const key of set.keys) post(index, key, entry);
  }

  #unindexAll(entry: StoredEntry, set: ValueSet): void {
    const index = this.#indexOf(set.attribute.key);
    if (index !== undefined) for (const key of set.keys) unpost(index, set.attribute.key, key, entry);
  }
}

function post(index: Map<string, Postings>, key: string, entry: StoredEntry): void {
  const postings = index.get(key);
  if (postings === undefined) index.set(key, entry);
  else if (postings instanceof Set) postings.add(entry);
  else if (postings !== entry) index.set(key, new Set([postings, entry]));
}

function unpost(index: Map<string, Postings>, attributeKey: string, key: string, entry: StoredEntry): void {
  if (!entry.deleted && hasElsewhere(entry, attributeKey, key)) return;
  const postings = index.get(key);
  if (postings === entry) index.delete(key);
  else if (postings instanceof Set) {
    postings.delete(entry);
    if (postings.size === 0) index.delete(key);
  }
}

/** Whether the entry has the value under the same type with other options. */
function hasElsewhere(entry: StoredEntry, attributeKey: string, key: string): boolean {
  const base = baseKey(attributeKey);
  for (const [each, set] of entry.attributes)
    if (each !== attributeKey && baseKey(each) === base && set.has(key)) return true;
  return false;
}
