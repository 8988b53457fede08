import { childDn, dnKey, isDn, isWithin, parentDn, parseDn, printDn, type Rdn } from '../dn.ts';
import { LdapError, LdapSyntaxError } from '../errors.ts';
import type { ModifyDnRequest } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import { checkEntry, findNamingValues, getNamingValues, type NamingValue } from './check-entry.ts';
import type { DirectoryState } from './directory-state.ts';
import { changeEntry } from './entry-changes.ts';
import { repairAfterRename } from './references.ts';
import { stampModified } from './stamps.ts';
import { refuseDuplicates } from './uniqueness.ts';
import { ValueSet } from './value-set.ts';
import { getTarget, requireDn, type WriteContext } from './write-context.ts';

/** Modify DN (RFC 4511 s4.9) of an entry or a subtree, then the references to what moved. Throws `LdapError`. */
export function applyModifyDn(state: DirectoryState, request: ModifyDnRequest, context: WriteContext): void {
  requireDn(state, request.dn);
  const { rdn, naming } = parseNewRdn(state, request.newRdn);
  refuseMove(state, request);
  refuseDuplicates(state, request.dn, toSets(naming));
  const entry = getTarget(state, request.dn);
  context.before(entry, []);
  const parent = request.newSuperior === undefined ? entry.parent : state.store.find(dnKey(request.newSuperior));
  if (parent === undefined) throw new LdapError(resultCode.noSuchObject, 'new superior not found');
  const taken = state.store.find(dnKey(childDn(rdn, parent.dn)));
  if (taken !== undefined && taken !== entry) throw new LdapError(resultCode.entryAlreadyExists);

  const old = getNamingValues(state, entry);
  const before = Array.from(entry.subtree(), (each) => ({ entry: each, dn: each.dn }));
  const { rdn: oldRdn, parent: oldParent } = entry;
  changeEntry(state, entry, (changes) => {
    if (request.deleteOldRdn) for (const set of toSets(old)) changes.delete(set, true);
    for (const set of toSets(naming)) changes.ensure(set);
    state.store.move(entry, rdn, parent);
    try {
      checkEntry(state, entry);
    } catch (error) {
      if (oldParent !== undefined) state.store.move(entry, oldRdn, oldParent);
      throw error;
    }
    stampModified(state, changes, context.actor.dn);
  });
  for (const each of before) repairAfterRename(state, each.dn, each.entry.dn);
  context.after(entry);
}

function parseNewRdn(state: DirectoryState, text: string): { rdn: string; naming: readonly NamingValue[] } {
  let dn: readonly Rdn[] = [];
  try {
    dn = parseDn(text);
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error;
  }
  const [rdn] = dn;
  const naming = rdn && findNamingValues(state, rdn);
  if (rdn === undefined || naming === undefined || dn.length !== 1)
    throw new LdapError(resultCode.invalidDNSyntax, 'invalid new RDN');
  return { rdn: printDn([rdn]), naming };
}

/** What OpenLDAP refuses before it looks at the entry. */
function refuseMove(state: DirectoryState, { dn, newSuperior }: ModifyDnRequest): void {
  if (newSuperior !== undefined && !isDn(newSuperior))
    throw new LdapError(resultCode.invalidDNSyntax, 'invalid new superior DN');
  if (newSuperior !== undefined && isWithin(newSuperior, dn, 'subtree'))
    throw new LdapError(resultCode.unwillingToPerform, 'cannot place an entry below itself');
  if (!isWithin(newSuperior ?? parentDn(dn), state.suffix, 'subtree'))
    throw new LdapError(resultCode.affectsMultipleDSAs, 'cannot rename between DSAs');
}

function toSets(naming: readonly NamingValue[]): readonly ValueSet[] {
  const sets = new Map<string, ValueSet>();
  for (const { attribute, key, value } of naming) {
    sets.set(attribute.key, sets.get(attribute.key)?.add(key, value) ?? ValueSet.of(attribute, [value]));
  }
  return Array.from(sets.values());
}
