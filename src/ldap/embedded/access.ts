import { dnKey } from '../dn.ts';
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import type { Actor } from './directory-state.ts';
import type { MayRead } from './entry-view.ts';

/** The administrator sees all; others all but the passwords, of which each sees the own. */
export function readAccess(actor: Actor): MayRead {
  if (actor.kind === 'administrator') return () => true;
  const self = dnKey(actor.dn);
  return (attribute, entry) => attribute !== 'userpassword' || (actor.kind === 'user' && entry.key === self);
}

/** Throws `LdapError` 8 for who has not said who it is. */
export function requireAuthentication(actor: Actor): void {
  if (actor.kind === 'anonymous')
    throw new LdapError(resultCode.strongerAuthRequired, 'modifications require authentication');
}

/** The administrator writes all; others the own password. Throws `LdapError` 50. */
export function requireWriteAccess(actor: Actor, entryKey: string | undefined, attributes: readonly string[]): void {
  if (actor.kind === 'administrator') return;
  const ownPassword =
    attributes.length > 0 && attributes.every((each) => each === 'userpassword') && entryKey === dnKey(actor.dn);
  if (!ownPassword) throw new LdapError(resultCode.insufficientAccessRights, 'no write access to entry');
}
