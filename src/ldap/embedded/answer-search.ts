import { randomBytes } from 'node:crypto';
import { dnKey } from '../dn.ts';
import { type DereferencedValue, LdapEntry } from '../entry.ts';
import { LdapError } from '../errors.ts';
import { matches } from '../match-filter.ts';
import { compileMatchedValues } from '../matched-values.ts';
import type { RequestControl, ResponseControls, SearchRequest } from '../operations.ts';
import type { ResponseMessage } from '../protocol/message.ts';
import { resultCode } from '../result-codes.ts';
import { readAccess } from './access.ts';
import type { DirectoryState } from './directory-state.ts';
import { compileFilterView, compileSelection, type MayRead, SUBSCHEMA_DN } from './entry-view.ts';
import type { FindControl } from './request-controls.ts';
import { getSearchBase, matchEntries, PAUSE } from './search.ts';
import type { PagedSearch, Session } from './session.ts';
import { cutListView, resolveSortKeys, sortEntries } from './sort-entries.ts';
import type { StoredEntry } from './stored-entry.ts';
import { compileRanges } from './value-ranges.ts';

type Steps = Iterator<StoredEntry | typeof PAUSE, unknown>;

/** The entries of a search and at its end the controls of the result. Throws `LdapError`. */
export function* answerSearch(
  state: DirectoryState,
  session: Session,
  request: SearchRequest,
  control: FindControl,
): Generator<ResponseMessage | typeof PAUSE, ResponseControls> {
  const mayRead = readAccess(session.actor);
  const base = findSpecialBase(state, request) ?? getReadableBase(state, session, request.base);
  const assertion = control('assertion');
  if (
    assertion !== undefined &&
    !matches(assertion.filter, compileFilterView(state, assertion.filter, mayRead)(base), state.subschema)
  )
    throw new LdapError(resultCode.assertionFailed);

  const deref = control('deref');
  const select = compileShown(state, request, mayRead, control('matchedValues'));
  const follow = deref && compileDereference(state, deref.items, mayRead);
  const render = (entry: StoredEntry): ResponseMessage => {
    const selected = select(entry);
    const dereferenced = follow?.(entry);
    return {
      kind: 'searchEntry',
      entry: dereferenced ? new LdapEntry(selected.dn, selected.attributes, dereferenced) : selected,
    };
  };

  const paged = control('pagedResults');
  const resumed = paged !== undefined && paged.cookie.length > 0 ? resume(session, paged.cookie) : undefined;
  const controls: { -readonly [K in keyof ResponseControls]: ResponseControls[K] } = {};
  let steps: Steps;
  if (resumed !== undefined) steps = resumed;
  else {
    const matching = matchEntries(state, base, request, mayRead);
    steps = yield* arrange(state, matching, control, controls);
  }

  const { entries: most = Number.POSITIVE_INFINITY } = state.limits;
  const asked = request.sizeLimit || Number.POSITIVE_INFINITY;
  const limit = paged === undefined ? Math.min(asked, most) : asked;
  const pageSize = Math.min(paged?.size ?? Number.POSITIVE_INFINITY, most);
  if (paged !== undefined && paged.size === 0)
    return { ...controls, pagedResults: { size: 0, cookie: Buffer.alloc(0) } };
  let sent = 0;
  for (let step = steps.next(); !step.done; step = steps.next()) {
    if (step.value === PAUSE) {
      yield PAUSE;
      continue;
    }
    if (step.value.deleted) continue;
    if (sent === limit) throw new LdapError(resultCode.sizeLimitExceeded);
    if (sent === pageSize) {
      session.paged = { cookie: randomBytes(8), rest: steps, next: step.value };
      return { ...controls, pagedResults: { size: 0, cookie: session.paged.cookie } };
    }
    yield render(step.value);
    sent++;
  }
  return paged === undefined ? controls : { ...controls, pagedResults: { size: 0, cookie: Buffer.alloc(0) } };
}

function compileShown(
  state: DirectoryState,
  { attributes, typesOnly = false }: SearchRequest,
  mayRead: MayRead,
  matched: Extract<RequestControl, { kind: 'matchedValues' }> | undefined,
): (entry: StoredEntry) => LdapEntry {
  const { values } = state.limits;
  const { names, cut } = values === undefined ? { names: attributes } : compileRanges(attributes, values);
  const select = compileSelection(state, names, mayRead, { typesOnly });
  // RFC 3876 s2: of names without values there is nothing to choose.
  const choose = matched === undefined || typesOnly ? undefined : compileMatchedValues(matched.tests, state.subschema);
  return (entry) => {
    const selected = select(entry);
    const chosen = choose?.(selected) ?? selected;
    return cut?.(chosen) ?? chosen;
  };
}

/** Sorted and cut to a list view where the controls ask for it; for that all matches are needed at once. */
function* arrange(
  state: DirectoryState,
  matching: Generator<StoredEntry | typeof PAUSE, void>,
  control: FindControl,
  controls: { -readonly [K in keyof ResponseControls]: ResponseControls[K] },
): Generator<typeof PAUSE, Steps> {
  const sort = control('sort');
  const listView = control('vlv');
  if (listView !== undefined && sort === undefined) throw new LdapError(resultCode.sortControlMissing);
  if (sort === undefined) return matching;
  const keys = resolveSortKeys(state, sort.keys);
  const all: StoredEntry[] = [];
  for (const step of matching)
    if (step === PAUSE) yield PAUSE;
    else all.push(step);
  const sorted = sortEntries(all, keys);
  controls.sort = { code: resultCode.success };
  if (listView === undefined) return sorted.values();
  const { window, control: view } = cutListView(sorted, listView);
  controls.vlv = view;
  return window.values();
}

/** Takes up a paged search where its last page ended (RFC 2696 s3). Throws `LdapError` 53 where it is not the one remembered. */
function resume(session: Session, cookie: Uint8Array): Steps {
  const { paged } = session;
  session.paged = undefined;
  if (paged === undefined || !paged.cookie.equals(cookie))
    throw new LdapError(resultCode.unwillingToPerform, 'paged results cookie is invalid or old');
  return goOn(paged);
}

function* goOn({ next, rest }: PagedSearch): Generator<StoredEntry | typeof PAUSE, void> {
  yield next;
  for (let step = rest.next(); !step.done; step = rest.next()) yield step.value;
}

/** The root DSE and the subschema, which anybody may read by name (RFC 4512 s5.1, s4.4). */
function findSpecialBase(state: DirectoryState, { base, scope }: SearchRequest): StoredEntry | undefined {
  if (scope !== 'base') return undefined;
  if (base === '') return state.rootDse;
  return dnKey(base) === dnKey(SUBSCHEMA_DN) ? state.subschemaEntry : undefined;
}

/** Throws `LdapError` 34, 32; to the anonymous every entry is missing. */
function getReadableBase(state: DirectoryState, { actor }: Session, dn: string): StoredEntry {
  if (actor.kind === 'anonymous') throw new LdapError(resultCode.noSuchObject);
  return getSearchBase(state, dn);
}

/** The entries behind the values of an attribute (draft-masarati-ldap-deref); a name that leads nowhere comes bare. */
function compileDereference(
  state: DirectoryState,
  items: Extract<RequestControl, { kind: 'deref' }>['items'],
  mayRead: MayRead,
): (entry: StoredEntry) => ReadonlyMap<string, readonly DereferencedValue[]> | undefined {
  const compiled = items.map(({ attribute, attributes }) => ({
    attribute: state.describe(attribute)?.key ?? attribute.toLowerCase(),
    select: compileSelection(state, attributes, mayRead),
  }));
  return (entry) => {
    const found = new Map<string, readonly DereferencedValue[]>();
    for (const { attribute, select } of compiled) {
      const set = entry.attributes.get(attribute);
      if (set === undefined || !mayRead(attribute, entry)) continue;
      found.set(
        attribute,
        set.values.map((value) => {
          const dn = value.toString('utf8');
          const target = state.store.find(dnKey(dn));
          return { dn, entry: target === undefined ? new LdapEntry(dn, new Map()) : select(target) };
        }),
      );
    }
    return found.size === 0 ? undefined : found;
  };
}
