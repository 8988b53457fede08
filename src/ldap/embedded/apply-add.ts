import { dnKey, firstRdn, parentDn, parseDn, printDn } from '../dn.ts';
import { LdapError, LdapSyntaxError } from '../errors.ts';
import type { AddRequest } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import { checkEntry, findNamingValues } from './check-entry.ts';
import type { DirectoryState } from './directory-state.ts';
import { prepareValues, refuseOperational } from './prepare-values.ts';
import { stampCreated } from './stamps.ts';
import { StoredEntry } from './stored-entry.ts';
import { refuseDuplicates } from './uniqueness.ts';
import { ValueSet } from './value-set.ts';
import { requireDn, type WriteContext } from './write-context.ts';

/** Add (RFC 4511 s4.7). Values of the RDN that the request leaves out are added, as OpenLDAP 2.5 does. Throws `LdapError`. */
export function applyAdd(state: DirectoryState, request: AddRequest, context: WriteContext): void {
  const entry = draftEntry(state, request);
  refuseOperational(entry.attributes.values());
  requireDn(state, request.dn);
  if (state.store.find(entry.key) === undefined)
    refuseDuplicates(state, request.dn, Array.from(entry.attributes.values()));
  const parent = state.store.find(dnKey(parentDn(request.dn)));
  context.before(parent, []);
  insert(state, entry, request.dn, parent, context.actor.dn);
  context.after(entry);
}

/** An entry of loaded content: the same checks, but it may bring operational attributes, and uniqueness is not looked at. */
export function applyLoad(state: DirectoryState, request: AddRequest): void {
  const entry = draftEntry(state, request);
  requireDn(state, request.dn);
  insert(state, entry, request.dn, state.store.find(dnKey(parentDn(request.dn))), state.administrator.dn);
}

function draftEntry(state: DirectoryState, request: AddRequest): StoredEntry {
  const naming = parseNaming(state, request.dn);
  if (request.attributes.length === 0) throw new LdapError(resultCode.protocolError, 'no attributes provided');
  const entry = new StoredEntry(naming.rdn, dnKey(request.dn), undefined);
  for (const { type, values } of merged(state, request)) {
    if (values.length === 0) throw new LdapError(resultCode.protocolError, `attribute '${type}' has no values`);
    const set = prepareValues(state, type, values);
    entry.attributes.set(set.attribute.key, set);
  }
  for (const { attribute, key, value } of naming.values) {
    const set = entry.attributes.get(attribute.key);
    entry.attributes.set(attribute.key, set?.add(key, value) ?? ValueSet.of(attribute, [value]));
  }
  return entry;
}

/** The attributes of the request; one that is named twice is taken as one (RFC 4511 s4.7 forbids it, OpenLDAP merges). */
function merged(state: DirectoryState, { attributes }: AddRequest): AddRequest['attributes'] {
  const byKey = new Map<string, AddRequest['attributes'][number]>();
  for (const each of attributes) {
    const key = state.describe(each.type)?.key ?? each.type;
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? each : { type: each.type, values: [...before.values, ...each.values] });
  }
  return byKey.size === attributes.length ? attributes : Array.from(byKey.values());
}

function parseNaming(state: DirectoryState, dn: string) {
  try {
    const [rdn = []] = parseDn(firstRdn(dn));
    const values = findNamingValues(state, rdn);
    if (values !== undefined) return { rdn: printDn([rdn]), values };
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error;
  }
  throw new LdapError(resultCode.invalidDNSyntax, 'invalid DN');
}

function insert(
  state: DirectoryState,
  entry: StoredEntry,
  dn: string,
  parent: StoredEntry | undefined,
  actor: string,
): void {
  const isSuffix = entry.key === dnKey(state.suffix);
  if (isSuffix) entry.rdn = dn;
  checkEntry(state, entry);
  if (state.store.find(entry.key) !== undefined) throw new LdapError(resultCode.entryAlreadyExists);
  if (parent === undefined && !isSuffix) throw new LdapError(resultCode.noSuchObject, '', state.store.matchedDn(dn));
  entry.parent = isSuffix ? undefined : parent;
  stampCreated(state, entry, actor);
  state.store.insert(entry);
}
