// Resolves the references of one request in batches: ids to entries before a write or a filter, DNs and key values to
// resources before an answer. The mappers have said what they need; this is the only place that looks it up.
import { dnKey } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { and, equality, or } from '../ldap/filter.ts';
import { equalityKey } from '../ldap/matching-rules.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { getResourceMapping, type ResourceMapping } from '../mapping/mapping.ts';
import type { LookupNeed, ReferenceNeed, References, ReferenceTarget } from '../mapping/references.ts';
import { LazyIterable } from '../util/lazy-iterable.ts';
import { createBacklinkResolver } from './backlinks.ts';
import { collect, findEntries, isKnownByGuid, type Run, targetAttributes } from './run.ts';
import { classify, inBatches, toTarget } from './targets.ts';

type ForwardNeed = Extract<ReferenceNeed, { kind: 'forward' }>;

type IdNeed = Extract<LookupNeed, { kind: 'ids' }>;

export interface ReferenceResolver extends References {
  /** Before a write, or before a filter is compiled. */
  lookUp(needs: readonly LookupNeed[]): Promise<void>;
  /** Before the mappers read entries. */
  resolve(entries: readonly LdapEntry[], needs: readonly ReferenceNeed[]): Promise<void>;
  /** Before entries are shown and nothing else: of attributes that `findLong` reads nothing is looked up or kept. */
  resolveShown(entries: readonly LdapEntry[], needs: readonly ReferenceNeed[]): Promise<void>;
}

export function createReferenceResolver(run: Run): ReferenceResolver {
  const byId = new Map<string, ReferenceTarget>();
  /** Null: looked up, and no resource. */
  const byDn = new Map<string, ReferenceTarget | null>();
  const byKey = new Map<string, ReferenceTarget>();
  const backlinks = createBacklinkResolver(run);
  /** By attribute: the entries of which it is left to `findLong`. */
  const long = new Map<string, Set<LdapEntry>>();

  const remember = (mapping: ResourceMapping, entry: LdapEntry): ReferenceTarget | undefined => {
    const target = toTarget(run, mapping, entry);
    if (target === undefined) return undefined;
    byId.set(`${target.type} ${target.id}`, target);
    byDn.set(dnKey(entry.dn), target);
    return target;
  };

  const findById = (id: string, types: readonly string[]): ReferenceTarget | undefined => {
    for (const type of types) {
      const target = byId.get(`${type} ${id}`);
      if (target !== undefined) return target;
    }
    return undefined;
  };

  const lookUpIds = async (typeName: string, ids: readonly string[]): Promise<void> => {
    const mapping = getResourceMapping(run.compiled, typeName);
    const unknown = ids.filter((id) => !byId.has(`${typeName} ${id}`));
    const items = unknown.flatMap((id) => {
      const value = mapping.id.transform.toAssertion?.({ type: 'string', value: id });
      return value === undefined ? [] : [equality(mapping.id.attribute, value)];
    });
    const filters = inBatches(items).map((batch) => and(mapping.entry.filter, or(...batch)));
    const found = await findEntries(run, mapping, filters, targetAttributes(run, typeName));
    for (const entry of found) remember(mapping, entry);
  };

  /** Asks each type for those of its ids that `isAsked` lets pass. */
  const lookUpWhere = async (
    needs: readonly IdNeed[],
    isAsked: (id: string, type: string) => boolean,
  ): Promise<void> => {
    const asked = new Map<string, Set<string>>();
    for (const { types, ids } of needs) {
      for (const type of types) {
        const set = asked.get(type) ?? new Set();
        for (const id of ids) if (isAsked(id, type)) set.add(id);
        asked.set(type, set);
      }
    }
    await Promise.all([...asked].map(([type, ids]) => lookUpIds(type, [...ids])));
  };

  /** Where an id was last time is asked first; where it is there no more, all others are. */
  const lookUpAll = async (needs: readonly IdNeed[]): Promise<void> => {
    const known = recallTypes(run, needs);
    await lookUpWhere(needs, (id, type) => (known.get(id) ?? type) === type);
    const lost = new Set(needs.flatMap(({ types, ids }) => ids.filter((id) => known.has(id) && !findById(id, types))));
    if (lost.size > 0) await lookUpWhere(needs, (id, type) => lost.has(id) && known.get(id) !== type);
    for (const { types, ids } of needs) {
      for (const id of types.length > 1 ? ids : []) {
        const found = findById(id, types);
        if (found !== undefined) run.knownTypes.set(id, found.type);
      }
    }
  };

  /** GUIDs by DN, of the targets about which nothing else was told. */
  const takeDereferenced = (entries: readonly LdapEntry[], need: ForwardNeed): Map<string, Buffer> => {
    const guids = new Map<string, Buffer>();
    for (const entry of entries) {
      for (const { dn, entry: target, guid } of entry.dereferenced?.get(need.attribute.toLowerCase()) ?? []) {
        if (byDn.get(dnKey(dn)) != null) continue;
        if (guid !== undefined) {
          guids.set(dnKey(dn), guid);
          continue;
        }
        const mapping = classify(run, target, need.types);
        if (mapping === undefined || remember(mapping, target) === undefined) byDn.set(dnKey(dn), null);
      }
    }
    return guids;
  };

  /** An id alone does not say whose: the types are asked in turn, each for what the others have not. */
  const resolveGuids = async (guids: ReadonlyMap<string, Buffer>, types: readonly string[]): Promise<void> => {
    for (const type of types) {
      const { transform } = getResourceMapping(run.compiled, type).id;
      const ids = [...guids].flatMap(([key, guid]): [string, string][] => {
        const id = byDn.get(key) == null ? transform.toScim([guid], 0) : undefined;
        return typeof id === 'string' ? [[key, id]] : [];
      });
      await lookUpIds(
        type,
        ids.map(([, id]) => id),
      );
      // By the DN that the value has: its entry may have been renamed since.
      for (const [key, id] of ids) byDn.set(key, byId.get(`${type} ${id}`) ?? null);
    }
  };

  const resolveDns = async (entries: readonly LdapEntry[], need: ForwardNeed): Promise<void> => {
    const missing = new Map<string, string>();
    const guids = takeDereferenced(entries, need);
    if (isKnownByGuid(run, need.types)) await resolveGuids(guids, need.types);
    for (const entry of entries) {
      for (const dn of entry.strings(need.attribute)) if (!byDn.has(dnKey(dn))) missing.set(dnKey(dn), dn);
    }
    const attributes = [...new Set(need.types.flatMap((type) => [...targetAttributes(run, type)]))];
    await Promise.all(
      [...missing].map(async ([key, dn]) => {
        const entry = await findByDn(run, dn, attributes);
        const mapping = entry === undefined ? undefined : classify(run, entry, need.types);
        if (entry === undefined || mapping === undefined || remember(mapping, entry) === undefined) byDn.set(key, null);
      }),
    );
  };

  const resolveKeys = async (entries: readonly LdapEntry[], need: ForwardNeed, by: string): Promise<void> => {
    const wanted = new Set(entries.flatMap((entry) => entry.strings(need.attribute)));
    for (const typeName of need.types) {
      const mapping = getResourceMapping(run.compiled, typeName);
      const keyOf = (value: string): string => holderKey(run, typeName, need.attribute, by, value);
      const items = [...wanted].filter((key) => !byKey.has(keyOf(key))).map((key) => equality(by, key));
      const filters = inBatches(items).map((batch) => and(mapping.entry.filter, or(...batch)));
      for (const entry of await findEntries(run, mapping, filters, targetAttributes(run, typeName))) {
        const target = remember(mapping, entry);
        if (target !== undefined) for (const key of entry.strings(by)) byKey.set(keyOf(key), target);
      }
    }
  };

  const resolveAll = async (
    entries: readonly LdapEntry[],
    needs: readonly ReferenceNeed[],
    entriesOf: (need: ForwardNeed) => readonly LdapEntry[],
  ): Promise<void> => {
    await Promise.all(
      needs.map(async (need) => {
        if (need.kind === 'backlink') await backlinks.resolve(entries, need);
        else if (need.by === undefined) await resolveDns(entriesOf(need), need);
        else await resolveKeys(entries, need, need.by);
      }),
    );
  };

  const withoutLong = (entries: readonly LdapEntry[], { attribute }: ForwardNeed): readonly LdapEntry[] => {
    const left = entries.filter((entry) => isToldAtLength(entry, attribute));
    if (left.length === 0) return entries;
    const known = long.get(attribute) ?? new Set();
    for (const entry of left) known.add(entry);
    long.set(attribute, known);
    return entries.filter((entry) => !known.has(entry));
  };

  return {
    now: Date.now(),
    async lookUp(needs) {
      await Promise.all([
        lookUpAll(needs.filter((need) => need.kind === 'ids')),
        ...needs.map((need) => (need.kind === 'holders' ? backlinks.lookUp(need) : undefined)),
      ]);
    },
    resolve: (entries, needs) => resolveAll(entries, needs, () => entries),
    resolveShown: (entries, needs) => resolveAll(entries, needs, (need) => withoutLong(entries, need)),
    findLong(entry, attribute, types) {
      if (long.get(attribute)?.has(entry) !== true) return undefined;
      const values = entry.dereferenced?.get(attribute.toLowerCase()) ?? [];
      return new LazyIterable(function* () {
        for (const { entry: found } of values) {
          const mapping = classify(run, found, types);
          const target = mapping === undefined ? undefined : toTarget(run, mapping, found);
          if (target !== undefined) yield target;
        }
      });
    },
    findById,
    findByDn(dn, types) {
      const target = byDn.get(dnKey(dn));
      return target != null && types.includes(target.type) ? target : undefined;
    },
    findByKey(holder, by, value, types) {
      for (const type of types) {
        const target = byKey.get(holderKey(run, type, holder, by, value));
        if (target !== undefined) return target;
      }
      return undefined;
    },
    findBacklinks: backlinks.findBacklinks,
    findHolders: backlinks.findHolders,
  };
}

/** Of ids that may be of several types, those of which the type was known. */
function recallTypes({ knownTypes }: Run, needs: readonly IdNeed[]): ReadonlyMap<string, string> {
  const ids = needs.flatMap((need) => (need.types.length > 1 ? need.ids : []));
  return new Map(
    [...new Set(ids)].flatMap((id): [string, string][] => {
      const type = knownTypes.get(id);
      return type === undefined ? [] : [[id, type]];
    }),
  );
}

/** Values from which on an attribute is too long to have all that it leads to in memory. */
const LONG = 1000;

/** Whether the directory told of every value of the attribute what is behind it. */
function isToldAtLength(entry: LdapEntry, attribute: string): boolean {
  const told = entry.dereferenced?.get(attribute.toLowerCase());
  if (told === undefined || told.length < LONG || told.length !== entry.bytes(attribute).length) return false;
  for (const { guid } of told) return guid === undefined;
  return false;
}

/** Undefined for a DN that leads nowhere: a dangling reference is no error on reading. */
async function findByDn(run: Run, dn: string, attributes: readonly string[]): Promise<LdapEntry | undefined> {
  try {
    const [entry] = await collect(run, [
      { base: dn, scope: 'base', filter: { kind: 'present', attribute: 'objectClass' }, attributes },
    ]);
    return entry;
  } catch (error) {
    const gone: readonly number[] = [
      resultCode.noSuchObject,
      resultCode.invalidDNSyntax,
      resultCode.insufficientAccessRights,
      resultCode.referral,
    ];
    if (error instanceof LdapError && gone.includes(error.code)) return undefined;
    throw error;
  }
}

/**
 * Under which a value of `holder` and a value of the target's `by` are the same one: by the rule of the attribute that
 * holds it, for this is what the directory goes by when the value is to be removed. `Ada` in memberUid is not the uid `ada`.
 */
function holderKey(run: Run, type: string, holder: string, by: string, value: string): string {
  const rule = run.compiled.subschema.attributeType(holder)?.equality;
  return `${type} ${holder.toLowerCase()} ${by.toLowerCase()} ${equalityKey(rule, value)}`;
}
