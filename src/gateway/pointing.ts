// Who points to entries by one attribute: groups by their members. Many entries are asked for at once where the answer tells
// which of them is meant, or where most of them are in no group; else each alone.
import { dnKey } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { equality, or, present } from '../ldap/filter.ts';
import { equalityKey } from '../ldap/matching-rules.ts';
import { type LdapValue, toBytes } from '../ldap/value.ts';
import {
  type BacklinkNeed,
  type BacklinkSource,
  canHold,
  pointersTo,
  type ReferenceTarget,
} from '../mapping/references.ts';
import { createMemory } from '../util/memory.ts';
import { isSizeLimit, type Run, targetAttributes } from './run.ts';
import { findTargets, inBatches } from './targets.ts';

export type Links = Pick<BacklinkNeed, 'sources' | 'nested'>;

export interface Pointing {
  /** Looks up who points to the entries. `rare`: to most of them nobody is expected to. */
  resolve(source: BacklinkSource, entries: readonly LdapEntry[], links: Links, rare: boolean): Promise<void>;
  /** As far as it was resolved. */
  to(source: BacklinkSource, entry: LdapEntry): readonly ReferenceTarget[];
}

/** OpenLDAP 2.5.13 holds every value of what it finds against each of these, so that large groups cost by both numbers. */
const MATCHED_AT_ONCE = 50;

/** By the entry pointed to. */
type Shares = ReadonlyMap<LdapEntry, readonly ReferenceTarget[]>;

/** By the sources of a mapping, and what is asked of whom. */
const recallAttributes = createMemory<readonly BacklinkSource[], readonly string[]>(100);

export function createPointing(run: Run): Pointing {
  const known = new Map<string, readonly ReferenceTarget[]>();
  const { matchedValues } = run.dialect.capabilities;

  const find = (
    source: BacklinkSource,
    values: readonly LdapValue[],
    links: Links,
    withValues: boolean,
  ): Promise<readonly ReferenceTarget[]> => {
    const { type, attribute } = source;
    const tests = values.map((value) => equality(attribute, value));
    const attributes = attributesOf(run, type, links);
    if (!withValues) return findTargets(run, type, [or(...tests)], attributes);
    const others = attributes.filter((name) => name.toLowerCase() !== attribute.toLowerCase());
    // Of an attribute that no test names nothing would come.
    const control = { kind: 'matchedValues', tests: [...tests, ...others.map(present)] } as const;
    return findTargets(run, type, [or(...tests)], [...others, attribute], [control]);
  };

  const resolveEach = async (source: BacklinkSource, entries: readonly LdapEntry[], links: Links): Promise<void> => {
    const found = entries.map(async (entry) => {
      known.set(linkKey(source, entry), await find(source, pointersTo(source, entry), links, false));
    });
    await Promise.all(found);
  };

  const resolveBatch = async (source: BacklinkSource, batch: readonly LdapEntry[], links: Links): Promise<void> => {
    if (batch.length === 1) return resolveEach(source, batch, links);
    const values = batch.flatMap((entry) => [...pointersTo(source, entry)]);
    let found: readonly ReferenceTarget[];
    try {
      found = await find(source, values, links, matchedValues);
    } catch (error) {
      if (!isSizeLimit(error)) throw error;
      // What the directory allows for each may be too much for all.
      const half = Math.ceil(batch.length / 2);
      await resolveBatch(source, batch.slice(0, half), links);
      return resolveBatch(source, batch.slice(half), links);
    }
    const shares = matchedValues ? sharesByValue(run, source, batch, found) : sharesByKept(source, batch, found);
    if (shares === undefined) return resolveEach(source, batch, links);
    for (const entry of batch) known.set(linkKey(source, entry), shares.get(entry) ?? []);
  };

  return {
    async resolve(source, entries, links, rare) {
      const { kept } = source;
      const isTelling = (entry: LdapEntry): boolean => !matchedValues && kept !== undefined && entry.has(kept);
      const open = new Map<string, LdapEntry>();
      for (const entry of entries) {
        const key = linkKey(source, entry);
        if (!known.has(key) && pointersTo(source, entry).length > 0) open.set(key, entry);
      }
      // Who shows nothing kept is in no group, or may not show it: its own batches find out, and tell nobody apart.
      const telling = [...open.values()].filter(isTelling);
      const silent = [...open.values()].filter((entry) => !isTelling(entry));
      const atOnce = rare || kept !== undefined || matchedValues;
      const batches = [
        ...inBatches(telling),
        ...(atOnce ? inBatches(silent, matchedValues ? MATCHED_AT_ONCE : undefined) : []),
      ];
      await Promise.all([
        ...batches.map((batch) => resolveBatch(source, batch, links)),
        ...(atOnce ? [] : [resolveEach(source, silent, links)]),
      ]);
    },
    to: (source, entry) => known.get(linkKey(source, entry)) ?? [],
  };
}

/** What is pointed to holds its own side of it where the directory keeps that. */
function attributesOf(run: Run, type: string, { sources, nested }: Links): readonly string[] {
  return recallAttributes(sources, `${type} ${nested}`, () => {
    const kept = nested ? sources.flatMap((each) => (canHold(each, type) ? (each.kept ?? []) : [])) : [];
    return Object.freeze([...new Set([...targetAttributes(run, type), ...kept])]);
  });
}

/** By the values that came along, of all values those of the batch. */
function sharesByValue(
  run: Run,
  source: BacklinkSource,
  batch: readonly LdapEntry[],
  found: readonly ReferenceTarget[],
): Shares | undefined {
  const { attribute, by } = source;
  const rule = run.compiled.subschema.attributeType(attribute)?.equality;
  const keyOf = (value: LdapValue): string =>
    by === undefined ? dnKey(toBytes(value).toString('utf8')) : equalityKey(rule, value);
  const owners = ownersByKey(batch, (entry) => pointersTo(source, entry).map(keyOf));
  return share(found, owners, ({ entry }) => entry.bytes(attribute).map(keyOf));
}

/** By what the directory keeps in those pointed to. */
function sharesByKept(
  { kept }: BacklinkSource,
  batch: readonly LdapEntry[],
  found: readonly ReferenceTarget[],
): Shares | undefined {
  const owners = ownersByKey(batch, (entry) => (kept === undefined ? [] : entry.strings(kept).map(dnKey)));
  return share(found, owners, ({ dn }) => [dnKey(dn)]);
}

function ownersByKey(
  batch: readonly LdapEntry[],
  keysOf: (entry: LdapEntry) => readonly string[],
): ReadonlyMap<string, readonly LdapEntry[]> {
  const owners = new Map<string, LdapEntry[]>();
  for (const entry of batch) for (const key of keysOf(entry)) append(owners, key, entry);
  return owners;
}

/** Undefined where something was found that is nobody's by these keys: then the directory knows more than is seen here. */
function share(
  found: readonly ReferenceTarget[],
  owners: ReadonlyMap<string, readonly LdapEntry[]>,
  keysOf: (target: ReferenceTarget) => readonly string[],
): Shares | undefined {
  const shares = new Map<LdapEntry, ReferenceTarget[]>();
  for (const target of found) {
    const owned = keysOf(target).map((key) => owners.get(key));
    if (owned.length === 0 || owned.includes(undefined)) return undefined;
    for (const entry of new Set(owned.flatMap((each) => each ?? []))) append(shares, entry, target);
  }
  return shares;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function linkKey({ type, attribute }: BacklinkSource, entry: LdapEntry): string {
  return `${type} ${attribute.toLowerCase()} ${dnKey(entry.dn)}`;
}
