// Asks a directory whether a password is right: a bind on a connection of its own, which is closed at once, so that no
// operation of the gateway ever runs as somebody else.
import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import { type DirectoryConfig, type ResolvedConfig, resolveConfig } from './directory-config.ts';
import { openConnection } from './open-connection.ts';

export type CheckPassword = (dn: string, password: string) => Promise<boolean>;

/** What a directory says to a wrong password, to an account that may not bind, and to one that is not there. */
const refusals: readonly number[] = [
  resultCode.invalidCredentials,
  resultCode.inappropriateAuthentication,
  resultCode.noSuchObject,
  resultCode.invalidDNSyntax,
  resultCode.constraintViolation,
  resultCode.unwillingToPerform,
  resultCode.insufficientAccessRights,
];

/**
 * Tries the servers in order until one answers; rejects where none does. Throws `DirectoryConfigError` where passwords
 * would travel in the open.
 */
export function createCheckPassword(config: DirectoryConfig): CheckPassword {
  const resolved = resolveConfig({ ...config, bind: { dn: 'any', password: 'any' } });
  return async (dn, password) => {
    // RFC 4513 s5.1.1, s5.1.2: without DN or password a bind succeeds as nobody, and proves nothing.
    if (dn === '' || password === '') return false;
    return await tryServers({ ...resolved, bind: { dn, password } });
  };
}

async function tryServers(config: ResolvedConfig): Promise<boolean> {
  let failure: unknown;
  for (const server of config.servers) {
    try {
      const connection = await openConnection(server, config);
      connection.unbind();
      return true;
    } catch (error) {
      if (error instanceof LdapError && refusals.includes(error.code)) return false;
      failure = error;
    }
  }
  throw failure;
}
