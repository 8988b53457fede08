import { dnKey, isDn, isWithin } from '../dn.ts';
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import type { Actor, DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';

/** What surrounds a write: who asks, and what its controls want done. */
export interface WriteContext {
  readonly actor: Actor;
  /** 1.2.840.113556.1.4.1413 came along. */
  readonly permissive: boolean;
  /** Called with the target as soon as it is found, before anything changes: access, assertion, pre-read. Throws `LdapError`. */
  before(entry: StoredEntry | undefined, attributes: readonly string[]): void;
  /** Called with the entry after the change: post-read. */
  after(entry: StoredEntry): void;
}

/** The entry that a write names. Throws `LdapError` 34, 53, 32 with the texts of OpenLDAP 2.5. */
export function getTarget(state: DirectoryState, dn: string): StoredEntry {
  requireDn(state, dn);
  const entry = state.store.find(dnKey(dn));
  if (entry === undefined) throw new LdapError(resultCode.noSuchObject, '', state.store.matchedDn(dn));
  return entry;
}

/** Throws `LdapError` where the text is no DN or lies in no part of the tree that is kept here. */
export function requireDn(state: DirectoryState, dn: string): void {
  if (!isDn(dn)) throw new LdapError(resultCode.invalidDNSyntax, 'invalid DN');
  if (!isWithin(dn, state.suffix, 'subtree'))
    throw new LdapError(resultCode.unwillingToPerform, 'no global superior knowledge');
}
