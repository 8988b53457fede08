// Finds out who sent a request. Every method looks at the Authorization header alone: a token in a URL ends up in logs
// and histories (RFC 6750 s2.3), so none is ever read from there. Unknown and wrong credentials get one and the same
// answer, and nothing of what was sent is told to anyone.
import type { AuthenticationScheme } from '../scim/discovery.ts';
import { ScimError } from '../scim/error.ts';
import type { Principal } from './principal.ts';

/** One way to prove who one is. A new method is one file and one line where the gateway is put together. */
export interface AuthenticationMethod {
  /** What discovery says about it. */
  readonly advertised: AuthenticationScheme;
  /** Scheme of the Authorization header, in lower case. */
  readonly scheme: string;
  /** Whether its callers may be resources of the gateway themselves (`Principal.resource`). */
  readonly tiesCallers?: boolean;
  /** A challenge for WWW-Authenticate (RFC 9110 s11.6.1). `refused`: credentials of this scheme came and were wrong. */
  challenge(refused: boolean): string;
  /** `credentials` is what follows the scheme's name. Undefined where they prove nothing. */
  authenticate(credentials: string): Promise<Principal | undefined> | Principal | undefined;
}

export interface Authenticator {
  readonly schemes: readonly AuthenticationScheme[];
  /** Whether some method may tell which resource a caller is. */
  readonly tiesCallers: boolean;
  /** Throws `ScimError` 401 with the challenges of all methods. */
  authenticate(authorization: string | undefined): Promise<Principal>;
}

export function createAuthenticator(methods: readonly AuthenticationMethod[]): Authenticator {
  return {
    schemes: methods.map((method) => method.advertised),
    tiesCallers: methods.some((method) => method.tiesCallers === true),
    async authenticate(authorization) {
      const { scheme, credentials } = splitAuthorization(authorization);
      for (const method of methods) {
        if (method.scheme !== scheme) continue;
        const principal = await method.authenticate(credentials);
        if (principal !== undefined) return principal;
      }
      const challenges = methods.map((method) => method.challenge(method.scheme === scheme));
      throw new ScimError(401, undefined, 'This request needs valid credentials in the Authorization header.', {
        headers: { 'WWW-Authenticate': challenges.join(', ') },
      });
    },
  };
}

/** In time that grows with the header and no faster: anyone may send one, of up to 64 KB. */
function splitAuthorization(header = ''): { readonly scheme: string; readonly credentials: string } {
  const text = header.trim();
  const end = text.search(/\s/);
  return end < 0
    ? { scheme: text.toLowerCase(), credentials: '' }
    : { scheme: text.slice(0, end).toLowerCase(), credentials: text.slice(end).trimStart() };
}
