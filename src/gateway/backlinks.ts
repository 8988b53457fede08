// Who points to an entry (`groups` of a user), and to whom a resource points (filters on `groups`); where the mapping says
// `nested`, over groups in groups. Those are followed level by level, each group once, however many users are in it: only
// from resource to resource, so that what is shown follows from the `members` that clients see.
import { dnKey } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { and, equality, type LdapFilter, or } from '../ldap/filter.ts';
import type { LdapValue } from '../ldap/value.ts';
import { getResourceMapping } from '../mapping/mapping.ts';
import { isInReach, type Reach } from '../mapping/reach.ts';
import {
  type Backlink,
  type BacklinkNeed,
  type BacklinkSource,
  canHold,
  type HolderLookup,
  pointersTo,
  type References,
  type ReferenceTarget,
} from '../mapping/references.ts';
import { badRequest } from '../scim/error.ts';
import { createMemory } from '../util/memory.ts';
import { findEntries, idFilter, type Run, targetAttributes } from './run.ts';
import { inBatches, toTarget } from './targets.ts';

type Links = Pick<BacklinkNeed, 'sources' | 'nested'>;

export interface BacklinkResolver extends Pick<References, 'findBacklinks' | 'findHolders'> {
  /** Before a filter is compiled. */
  lookUp(lookup: HolderLookup): Promise<void>;
  /** Before entries are shown. */
  resolve(entries: readonly LdapEntry[], need: BacklinkNeed): Promise<void>;
}

/** By the sources of a mapping, and what is asked of whom. */
const recallAttributes = createMemory<readonly BacklinkSource[], readonly string[]>(100);

export function createBacklinkResolver(run: Run): BacklinkResolver {
  /** Who points to an entry by one source. */
  const pointing = new Map<string, readonly ReferenceTarget[]>();
  const holders = new Map<string, readonly ReferenceTarget[]>();

  /** What is pointed to holds its own side of it where the directory keeps that; the holders have the other side. */
  const attributesOf = (type: string, { sources, nested }: Links, holding: boolean): readonly string[] =>
    recallAttributes(sources, `${type} ${nested} ${holding}`, () => {
      const kept = nested && !holding ? sources.flatMap((each) => (canHold(each, type) ? (each.kept ?? []) : [])) : [];
      const held = holding ? sources.filter((each) => each.type === type && each.kept === undefined) : [];
      const names = new Set([...targetAttributes(run, type), ...kept, ...held.map(({ attribute }) => attribute)]);
      return Object.freeze([...names]);
    });

  const findTargets = async (
    type: string,
    filters: readonly LdapFilter[],
    attributes: readonly string[],
  ): Promise<ReferenceTarget[]> => {
    const mapping = getResourceMapping(run.compiled, type);
    const found = await findEntries(
      run,
      mapping,
      filters.map((filter) => and(mapping.entry.filter, filter)),
      attributes,
    );
    return found.flatMap((entry) => toTarget(run, mapping, entry) ?? []);
  };

  const findPointing = (
    source: BacklinkSource,
    values: readonly LdapValue[],
    links: Links,
  ): Promise<ReferenceTarget[]> =>
    findTargets(
      source.type,
      [or(...values.map((value) => equality(source.attribute, value)))],
      attributesOf(source.type, links, false),
    );

  const resolveOne = async (source: BacklinkSource, entry: LdapEntry, links: Links): Promise<void> => {
    const key = linkKey(source, entry);
    if (pointing.has(key)) return;
    const values = pointersTo(source, entry);
    if (values.length > 0) pointing.set(key, await findPointing(source, values, links));
  };

  /** Most groups are in no other: a hundred are asked for at once, and one by one only where that finds something, and does not tell whom. */
  const resolveBatch = async (source: BacklinkSource, batch: readonly LdapEntry[], links: Links): Promise<void> => {
    const found = await findPointing(
      source,
      batch.map(({ dn }) => dn),
      links,
    );
    const { kept } = source;
    if (kept === undefined && found.length > 0 && batch.length > 1) {
      await Promise.all(batch.map((entry) => resolveOne(source, entry, links)));
      return;
    }
    for (const entry of batch)
      pointing.set(linkKey(source, entry), kept === undefined ? found : keptBy(entry, kept, found));
  };

  const pointingTo = (entry: LdapEntry, sources: readonly BacklinkSource[]): readonly ReferenceTarget[] =>
    sources.flatMap((source) => pointing.get(linkKey(source, entry)) ?? []);

  const pointingToTarget = ({ type, entry }: ReferenceTarget, sources: readonly BacklinkSource[]) =>
    pointingTo(
      entry,
      sources.filter((source) => canHold(source, type)),
    );

  /** Those of whom the holders hold that may be holders themselves. */
  const findHeld = async (source: BacklinkSource, level: readonly ReferenceTarget[], links: Links) => {
    const own = level.filter(({ type }) => type === source.type);
    const types = holderTypes(links).filter((type) => canHold(source, type));
    const found = await Promise.all(
      types.map((type) => {
        const tests = testsOfHeld(source, own, getResourceMapping(run.compiled, type).entry);
        const filters = inBatches(tests).map((batch) => or(...batch));
        return findTargets(type, filters, attributesOf(type, links, true));
      }),
    );
    return found.flat();
  };

  return {
    async lookUp(lookup) {
      const { sources, nested, id } = lookup;
      const named = await Promise.all(
        holderTypes(lookup).map(async (type) => {
          const filter = idFilter(getResourceMapping(run.compiled, type), id);
          if (filter === undefined) return [];
          const found = await findTargets(type, [filter], attributesOf(type, lookup, true));
          return found.filter((target) => target.id === id);
        }),
      );
      const seen = createLevels(run);
      const all = seen.add(named.flat());
      let level = nested ? [...all] : [];
      while (level.length > 0) {
        const from = level;
        const found = await Promise.all(sources.map((source) => findHeld(source, from, lookup)));
        level = seen.add(found.flat());
        all.push(...level);
      }
      holders.set(holderKey(lookup), all);
    },
    async resolve(entries, need) {
      const { sources, nested } = need;
      await Promise.all(sources.flatMap((source) => entries.map((entry) => resolveOne(source, entry, need))));
      if (!nested) return;
      const seen = createLevels(run);
      let level = seen.add(entries.flatMap((entry) => pointingTo(entry, sources)));
      while (level.length > 0) {
        const batches = sources.flatMap((source) => {
          const open = level.filter(
            ({ type, entry }) => canHold(source, type) && !pointing.has(linkKey(source, entry)),
          );
          return inBatches(open.map(({ entry }) => entry)).map((batch) => resolveBatch(source, batch, need));
        });
        await Promise.all(batches);
        level = seen.add(level.flatMap((target) => pointingToTarget(target, sources)));
      }
    },
    findBacklinks({ sources, nested }, entry) {
      const found = new Map<string, Backlink>();
      const direct = pointingTo(entry, sources);
      for (const target of direct) found.set(targetKey(target), { target, direct: true });
      const open = nested ? [...direct] : [];
      for (const holder of open) {
        for (const target of pointingToTarget(holder, sources)) {
          if (found.has(targetKey(target))) continue;
          found.set(targetKey(target), { target, direct: false });
          open.push(target);
        }
      }
      return [...found.values()];
    },
    findHolders: (lookup) => holders.get(holderKey(lookup)) ?? [],
  };
}

function keptBy(entry: LdapEntry, kept: string, targets: readonly ReferenceTarget[]): readonly ReferenceTarget[] {
  const own = new Set(entry.strings(kept).map(dnKey));
  return targets.filter(({ dn }) => own.has(dnKey(dn)));
}

/** Most members of a group are no groups, and most of those lie where no group does. */
function testsOfHeld(
  { attribute, kept, dnAttribute }: BacklinkSource,
  holders: readonly ReferenceTarget[],
  reach: Reach,
): LdapFilter[] {
  if (kept !== undefined) return holders.map(({ dn }) => equality(kept, dn));
  if (dnAttribute === undefined) return [];
  const held = new Set(holders.flatMap(({ entry }) => entry.strings(attribute)));
  return [...held].filter((dn) => isInReach(reach, dn)).map((dn) => equality(dnAttribute, dn));
}

/** Hands out each resource once, so that circles end. Throws where they become too many. */
function createLevels(run: Run): { add(targets: readonly ReferenceTarget[]): ReferenceTarget[] } {
  const seen = new Set<string>();
  return {
    add(targets) {
      const fresh = targets.filter((target) => !seen.has(targetKey(target)) && seen.add(targetKey(target)));
      if (seen.size > run.limits.maxScan) throw tooMany(run.limits.maxScan);
      return fresh;
    },
  };
}

function tooMany(limit: number): Error {
  return badRequest(
    'tooMany',
    `More than ${limit} groups would have to be looked at, as groups are in groups. Ask for fewer resources at once.`,
  );
}

function holderTypes({ sources }: Links): string[] {
  return [...new Set(sources.map(({ type }) => type))];
}

function targetKey({ type, id }: ReferenceTarget): string {
  return `${type} ${id}`;
}

function linkKey({ type, attribute }: BacklinkSource, entry: LdapEntry): string {
  return `${type} ${attribute.toLowerCase()} ${dnKey(entry.dn)}`;
}

function holderKey({ sources, nested, id }: HolderLookup): string {
  return [nested, id, ...sources.map(({ type, attribute }) => `${type} ${attribute.toLowerCase()}`)].join('\0');
}
