import type { LdapFilter } from '../filter.ts';
import { findEqualityKey } from '../matching-rules.ts';
import type { LdapValue } from '../value.ts';
import type { DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';

/** A set of entries that an index knows, without having been put together. */
export interface EntrySource {
  /** At most so many. */
  readonly size: number;
  has(entry: StoredEntry): boolean;
  entries(): Iterable<StoredEntry>;
}

/** Where matches of a filter are to be looked for. */
export interface Candidates {
  /** Undefined where only a scan would find them. */
  readonly source: EntrySource | undefined;
  /** What has still to be held against each of them; undefined where each is a match. */
  readonly residual: LdapFilter | undefined;
}

const EVERYTHING: Candidates = { source: undefined, residual: undefined };
const NOTHING: Candidates = { source: { size: 0, has: () => false, entries: () => [] }, residual: undefined };

/**
 * Splits a filter into what the indexes answer and the rest. A term that is Undefined (RFC 4511 s4.5.1.7) is nothing here:
 * under `and` and `or` alone, which is as far as this looks, that makes no difference.
 */
export function planCandidates(state: DirectoryState, filter: LdapFilter): Candidates {
  switch (filter.kind) {
    case 'and':
      return planAnd(filter.filters.map((each) => planCandidates(state, each)));
    case 'or':
      return planOr(
        filter,
        filter.filters.map((each) => planCandidates(state, each)),
      );
    case 'equality':
      return planEquality(state, filter.attribute, filter.value, filter);
    case 'present':
      return state.describe(filter.attribute)?.key === 'objectclass' ? EVERYTHING : scan(filter);
    case 'not':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
    case 'substrings':
    case 'extensible':
      return scan(filter);
  }
}

const scan = (residual: LdapFilter): Candidates => ({ source: undefined, residual });

function planEquality(state: DirectoryState, name: string, value: LdapValue, filter: LdapFilter): Candidates {
  const attribute = state.describe(name);
  if (attribute === undefined) return NOTHING;
  const { key, type } = attribute;
  if (!state.store.isIndexed(key)) return scan(filter);
  const found = type.equality === undefined ? undefined : findEqualityKey(type.equality, value);
  if (found === undefined) return NOTHING;
  // `(objectClass=person)` is true for an inetOrgPerson that does not name person (OpenLDAP 2.5.13).
  const keys = key === 'objectclass' ? state.objectClasses.subclasses(found) : [found];
  const sets = keys.map((each) => state.store.lookup(key, each)).filter((each) => each.size > 0);
  return {
    source: union(sets.map((set) => ({ size: set.size, has: (entry) => set.has(entry), entries: () => set }))),
    residual: undefined,
  };
}

function planAnd(parts: readonly Candidates[]): Candidates {
  const sources = parts.flatMap(({ source }) => source ?? []).sort((a, b) => a.size - b.size);
  const residuals = parts.flatMap(({ residual }) => residual ?? []);
  const [smallest, ...others] = sources;
  return {
    source: smallest && {
      size: smallest.size,
      has: (entry) => sources.every((each) => each.has(entry)),
      entries: function* () {
        for (const entry of smallest.entries()) if (others.every((each) => each.has(entry))) yield entry;
      },
    },
    residual: residuals.length > 1 ? { kind: 'and', filters: residuals } : residuals[0],
  };
}

function planOr(filter: LdapFilter, parts: readonly Candidates[]): Candidates {
  const sources = parts.flatMap(({ source }) => source ?? []);
  if (sources.length < parts.length)
    return parts.some(({ source, residual }) => source === undefined && residual === undefined)
      ? EVERYTHING
      : scan(filter);
  return {
    source: union(sources),
    residual: parts.some(({ residual }) => residual !== undefined) ? filter : undefined,
  };
}

function union(sources: readonly EntrySource[]): EntrySource {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only;
  return {
    size: sources.reduce((sum, { size }) => sum + size, 0),
    has: (entry) => sources.some((each) => each.has(entry)),
    *entries() {
      const seen = new Set<StoredEntry>();
      for (const source of sources)
        for (const entry of source.entries())
          if (!seen.has(entry)) {
            seen.add(entry);
            yield entry;
          }
    },
  };
}
