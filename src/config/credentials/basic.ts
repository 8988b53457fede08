import type { CredentialMethod } from '../../auth/credential.ts';
import { namesUser, type UserEntry } from '../../auth/directory-password.ts';
import { parsePasswordHash } from '../../auth/password-hash.ts';
import { LdapSyntaxError } from '../../ldap/errors.ts';
import { parseLdapFilter } from '../../ldap/parse-filter.ts';
import type { FileReader } from '../file-reader.ts';
import type { BasicBlock, BindBlock } from '../gateway-file.ts';

const hashKeys = { passwordHash: 'literal', passwordHashFile: 'file' } as const;

/** The `basic` of a credential: a password of the gateway file, or those of the directory. */
export function toBasic(at: readonly string[], block: BasicBlock, reader: FileReader): CredentialMethod | undefined {
  const { bind, user, ...secrets } = block;
  if (bind !== undefined) {
    if (user !== undefined || Object.keys(secrets).length > 0) {
      reader.report('conflict', 'error', at, 'beside bind no other key may stand');
    }
    const entry = toUserEntry([...at, 'bind'], bind, reader);
    return entry === undefined ? undefined : { kind: 'basic', source: 'directory', entry };
  }
  if (user === undefined) {
    reader.report('missingKey', 'error', at, '"user" is missing', 'or bind, for the passwords of the directory');
    return undefined;
  }
  const secret = reader.readSecret(at, secrets, hashKeys);
  if (secret === undefined) return undefined;
  const passwordHash = parsePasswordHash(secret.value);
  if (passwordHash !== undefined) return { kind: 'basic', source: 'file', user, passwordHash };
  reader.report('wrongValue', 'error', [...at, secret.key], 'is no hash as scim-ldap password makes it');
  return undefined;
}

function toUserEntry(at: readonly string[], block: BindBlock, reader: FileReader): UserEntry | undefined {
  const { dn, base, filter, scope = 'subtree' } = block;
  const isTemplate = dn !== undefined && base === undefined && filter === undefined && block.scope === undefined;
  if (!isTemplate && (dn !== undefined || base === undefined || filter === undefined)) {
    reader.report('conflict', 'error', at, 'either dn is needed, or base and filter');
    return undefined;
  }
  try {
    const entry: UserEntry = isTemplate
      ? { kind: 'template', dn }
      : {
          kind: 'search',
          base: base ?? '',
          scope: scope === 'one' ? 'one' : 'subtree',
          filter: parseLdapFilter(filter ?? ''),
        };
    if (namesUser(entry)) return entry;
    reader.report(
      'wrongValue',
      'error',
      at,
      'has no value with {user} in it',
      'uid={user},ou=people,dc=example,dc=com',
    );
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error;
    reader.report('wrongValue', 'error', [...at, isTemplate ? 'dn' : 'filter'], error.message);
  }
  return undefined;
}
