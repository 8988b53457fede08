// Credentials -> methods of authentication. Pure: the same for the whole gateway or for one tenant's own list. Opens
// nothing; issuers are asked when the first token comes.
import type { JWTVerifyGetKey } from 'jose';
import { accessTokens, type TokenSource } from './access-token.ts';
import { basic } from './basic.ts';
import { staticTokens } from './bearer.ts';
import type { FindResource } from './claims.ts';
import { clientCertificates } from './client-certificate.ts';
import { type Credential, credentialsWith } from './credential.ts';
import type { PasswordDirectory } from './directory-password.ts';
import { hoba } from './hoba.ts';
import { introspection } from './introspection.ts';
import { type JwtSettings, jwt } from './jwt.ts';
import { createKeySet, createRemoteKeySet } from './key-set.ts';
import type { AuthenticationMethod } from './method.ts';

/** What methods need of the rest of the gateway. */
export interface MethodPorts {
  readonly findResource: FindResource;
  readonly directory: PasswordDirectory;
  /** Codes HOBA's challenges; absent: each process answers its own alone. 32 octets. */
  readonly hobaSecret?: Buffer;
}

export function createMethods(credentials: readonly Credential[], ports: MethodPorts): readonly AuthenticationMethod[] {
  const sources = tokenSources(credentials, ports);
  const passwords = credentialsWith(credentials, 'basic');
  const keys = credentialsWith(credentials, 'hoba');
  const certificates = credentialsWith(credentials, 'certificate');
  return [
    ...(sources.length === 0 ? [] : [accessTokens(sources)]),
    ...(passwords.length === 0 ? [] : [basic(passwords, ports.directory)]),
    ...(keys.length === 0 ? [] : [hoba(keys, ports.hobaSecret)]),
    ...(certificates.length === 0 ? [] : [clientCertificates(certificates)]),
  ];
}

/** In the order in which they are asked: what costs nothing first. */
function tokenSources(credentials: readonly Credential[], ports: MethodPorts): readonly TokenSource[] {
  const tokens = credentialsWith(credentials, 'bearer').flatMap(({ name, profile, method }) =>
    method.tokens.map((token) => ({ ...token, principal: { name, profile } })),
  );
  const keysOf = createKeySets();
  return [
    ...(tokens.length === 0 ? [] : [staticTokens(tokens)]),
    ...credentialsWith(credentials, 'jwt').map((each) => jwt(each, each.method, keysOf(each.method.keys), ports)),
    ...credentialsWith(credentials, 'introspection').map((each) => introspection(each, each.method, ports)),
  ];
}

/** One for each URL, though several credentials may have the same issuer. */
function createKeySets(): (keys: JwtSettings['keys']) => JWTVerifyGetKey {
  const known = new Map<string, JWTVerifyGetKey>();
  return (keys) => {
    if ('jwks' in keys) return createKeySet(keys.jwks);
    const id = `${keys.keepSeconds} ${keys.url}`;
    const found = known.get(id) ?? createRemoteKeySet(keys.url, keys);
    known.set(id, found);
    return found;
  };
}
