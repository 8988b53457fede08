// Who points to an entry (`groups` of a user), and to whom a resource points (filters on `groups`); where the mapping says
// `nested`, over groups in groups. Those are followed level by level, each group once, however many users are in it: only
// from resource to resource, so that what is shown follows from the `members` that clients see.
import type { LdapEntry } from '../ldap/entry.ts';
import { equality, type LdapFilter, or } from '../ldap/filter.ts';
import { getResourceMapping } from '../mapping/mapping.ts';
import { isInReach, type Reach } from '../mapping/reach.ts';
import {
  type Backlink,
  type BacklinkNeed,
  type BacklinkSource,
  canHold,
  type HolderLookup,
  type References,
  type ReferenceTarget,
} from '../mapping/references.ts';
import { badRequest } from '../scim/error.ts';
import { createMemory } from '../util/memory.ts';
import { createPointing, type Links } from './pointing.ts';
import { idFilter, type Run, targetAttributes } from './run.ts';
import { findTargets, inBatches } from './targets.ts';

export interface BacklinkResolver extends Pick<References, 'findBacklinks' | 'findHolders'> {
  /** Before a filter is compiled. */
  lookUp(lookup: HolderLookup): Promise<void>;
  /** Before entries are shown. */
  resolve(entries: readonly LdapEntry[], need: BacklinkNeed): Promise<void>;
}

/** By the sources of a mapping, and the type of those held. */
const recallAttributes = createMemory<readonly BacklinkSource[], readonly string[]>(100);

export function createBacklinkResolver(run: Run): BacklinkResolver {
  const pointing = createPointing(run);
  const holders = new Map<string, readonly ReferenceTarget[]>();

  const pointingTo = (entry: LdapEntry, sources: readonly BacklinkSource[]): readonly ReferenceTarget[] =>
    sources.flatMap((source) => pointing.to(source, entry));

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
        return findTargets(run, type, filters, attributesOf(run, type, links));
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
          const found = await findTargets(run, type, [filter], attributesOf(run, type, lookup));
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
      await Promise.all(sources.map((source) => pointing.resolve(source, entries, need, false)));
      if (!nested) return;
      const seen = createLevels(run);
      let level = seen.add(entries.flatMap((entry) => pointingTo(entry, sources)));
      while (level.length > 0) {
        const from = level;
        const steps = sources.map((source) => {
          const held = from.filter(({ type }) => canHold(source, type)).map(({ entry }) => entry);
          // Most groups are in no other.
          return pointing.resolve(source, held, need, true);
        });
        await Promise.all(steps);
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

/** The holders have what they hold where the other side of it is not kept. */
function attributesOf(run: Run, type: string, { sources }: Links): readonly string[] {
  return recallAttributes(sources, type, () => {
    const held = sources.filter((each) => each.type === type && each.kept === undefined);
    return Object.freeze([...new Set([...targetAttributes(run, type), ...held.map(({ attribute }) => attribute)])]);
  });
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

function holderKey({ sources, nested, id }: HolderLookup): string {
  return [nested, id, ...sources.map(({ type, attribute }) => `${type} ${attribute.toLowerCase()}`)].join('\0');
}
