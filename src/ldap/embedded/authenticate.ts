import { dnKey, isDn } from '../dn.ts';
import { LdapError } from '../errors.ts';
import type { PasswordModifyRequest } from '../operations.ts';
import type { BindRequest } from '../protocol/message.ts';
import { resultCode } from '../result-codes.ts';
import { toBytes } from '../value.ts';
import { requireWriteAccess } from './access.ts';
import { checkEntry } from './check-entry.ts';
import { type Actor, anonymous, type DirectoryState } from './directory-state.ts';
import { changeEntry } from './entry-changes.ts';
import { generatePassword, sameOctets, verifyPassword } from './passwords.ts';
import { prepareValues } from './prepare-values.ts';
import { stampModified } from './stamps.ts';

/** Locked by an administrator, for ever (slapo-ppolicy of OpenLDAP 2.5). */
const LOCKED = '000001010000Z';

/** Simple bind (RFC 4511 s4.2, RFC 4513 s5.1). Throws `LdapError` 7, 34, 49, 53. */
export function authenticate(state: DirectoryState, { dn, authentication }: BindRequest): Actor {
  if (authentication.kind === 'sasl') throw new LdapError(resultCode.authMethodNotSupported);
  const password = toBytes(authentication.password);
  if (dn === '' && password.length === 0) return anonymous;
  if (!isDn(dn)) throw new LdapError(resultCode.invalidDNSyntax, 'invalid DN');
  if (password.length === 0)
    throw new LdapError(resultCode.unwillingToPerform, 'unauthenticated bind (DN with no password) disallowed');
  const key = dnKey(dn);
  const { administrator } = state;
  if (key === dnKey(administrator.dn) && sameOctets(password, Buffer.from(administrator.password)))
    return { kind: 'administrator', dn: administrator.dn };
  const entry = state.store.find(key);
  const stored = entry?.attributes.get('userpassword')?.values ?? [];
  const locked = entry?.attributes.get('pwdaccountlockedtime')?.values[0]?.toString('latin1') === LOCKED;
  if (entry === undefined || !stored.some((value) => verifyPassword(value, password)) || locked)
    throw new LdapError(resultCode.invalidCredentials);
  return { kind: key === dnKey(administrator.dn) ? 'administrator' : 'user', dn: entry.dn };
}

/** Password modify (RFC 3062). The password that was made, where none was given. Throws `LdapError`. */
export function changePassword(
  state: DirectoryState,
  actor: Actor,
  { userIdentity, oldPassword, newPassword }: PasswordModifyRequest,
): string | undefined {
  if (actor.kind === 'anonymous')
    throw new LdapError(resultCode.strongerAuthRequired, 'only authenticated users may change passwords');
  const dn = userIdentity === '' ? actor.dn : userIdentity.replace(/^dn:/i, '');
  if (!isDn(dn)) throw new LdapError(resultCode.invalidAttributeSyntax, 'Invalid DN');
  const entry = state.store.find(dnKey(dn));
  if (entry === undefined) throw new LdapError(resultCode.noSuchObject);
  requireWriteAccess(actor, entry.key, ['userpassword']);
  const stored = entry.attributes.get('userpassword')?.values ?? [];
  if (oldPassword !== undefined && !stored.some((value) => verifyPassword(value, Buffer.from(oldPassword))))
    throw new LdapError(resultCode.unwillingToPerform, 'unwilling to verify old password');
  const made = newPassword === undefined ? generatePassword() : undefined;
  const set = prepareValues(state, 'userPassword', [newPassword ?? made ?? '']);
  changeEntry(state, entry, (changes) => {
    changes.replace(set);
    // As the password policy overlay of OpenLDAP 2.5.13 does.
    changes.replace(prepareValues(state, 'pwdAccountLockedTime', []));
    checkEntry(state, entry);
    stampModified(state, changes, actor.dn);
  });
  return made;
}
