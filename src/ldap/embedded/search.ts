// Searches of the embedded directory (RFC 4511 s4.5): which entries match, in which order. In charge of scope, filter,
// sort and list view; it knows neither connections nor pages, which are taken from what it yields.
import { dnKey, isDn } from '../dn.ts';
import { LdapError } from '../errors.ts';
import { compileFilter } from '../match-filter.ts';
import type { SearchRequest, SearchScope } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import { type Candidates, planCandidates } from './candidates.ts';
import type { DirectoryState } from './directory-state.ts';
import { compileFilterView, type MayRead } from './entry-view.ts';
import type { StoredEntry } from './stored-entry.ts';

/** Comes between entries where a scan has gone on for a while, so that others get their turn. */
export const PAUSE = Symbol('pause');

const STEPS_BETWEEN_PAUSES = 2_000;

/** The base of a search. Throws `LdapError` 34, 32. */
export function getSearchBase(state: DirectoryState, dn: string): StoredEntry {
  if (!isDn(dn)) throw new LdapError(resultCode.invalidDNSyntax, 'invalid DN');
  const base = state.store.find(dnKey(dn));
  if (base === undefined) throw new LdapError(resultCode.noSuchObject, '', state.store.matchedDn(dn));
  return base;
}

/** Entries that match, as the directory is when each is reached; entries that come while it runs may be missed. */
export function* matchEntries(
  state: DirectoryState,
  base: StoredEntry,
  { scope, filter }: Pick<SearchRequest, 'scope' | 'filter'>,
  mayRead: MayRead,
): Generator<StoredEntry | typeof PAUSE, void> {
  const candidates = planCandidates(state, filter);
  const view = compileFilterView(state, candidates.residual ?? filter, mayRead);
  const predicate = candidates.residual && compileFilter(candidates.residual, state.subschema);
  let steps = 0;
  for (const entry of walk(state, base, scope, candidates)) {
    if (++steps % STEPS_BETWEEN_PAUSES === 0) yield PAUSE;
    if (entry.deleted || !isInScope(entry, base, scope)) continue;
    if (predicate === undefined || predicate(view(entry)) === true) yield entry;
  }
}

function isInScope(entry: StoredEntry, base: StoredEntry, scope: SearchScope): boolean {
  switch (scope) {
    case 'base':
      return entry === base;
    case 'one':
      return entry.parent === base;
    case 'subtree':
      return entry.isBelow(base);
  }
}

/** The shortest way to all that may match, as a list that changes to the directory do not disturb. */
function walk(
  { store, suffix }: DirectoryState,
  base: StoredEntry,
  scope: SearchScope,
  { source }: Candidates,
): readonly StoredEntry[] {
  const inSource = (entry: StoredEntry) => source === undefined || source.has(entry);
  if (scope === 'base') return [base].filter(inSource);
  if (scope === 'one' && (source === undefined || base.childCount < source.size))
    return Array.from(base.children).filter(inSource);
  if (source !== undefined) return Array.from(source.entries());
  return Array.from(base.key === dnKey(suffix) ? store.entries : base.subtree());
}
