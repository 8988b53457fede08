// Bearer tokens (RFC 6750) that an administrator hands out. The gateway knows SHA-256 hashes only: the tokens are long
// and random, so a slow hash would buy nothing, and a hash that leaks cannot be used.
import { hash, timingSafeEqual } from 'node:crypto';
import { type AuthenticationMethod, accepted, refused } from './method.ts';
import type { Principal } from './principal.ts';

export interface BearerCredential {
  /** SHA-256 of the token's octets; 32 octets. */
  readonly tokenHash: Buffer;
  readonly principal: Principal;
}

/** `b64token` of RFC 6750 s2.1. */
const tokenForm = /^[A-Za-z0-9\-._~+/]+=*$/;

export function bearer(credentials: readonly BearerCredential[]): AuthenticationMethod {
  return {
    advertised: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that the administrator of this gateway hands out, sent as Authorization: Bearer.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
      },
    ],
    schemes: ['bearer'],
    challenges: (_request, refusal) => [
      refusal === undefined ? 'Bearer realm="scim"' : 'Bearer realm="scim", error="invalid_token"',
    ],
    authenticate({ credentials: token }) {
      if (!tokenForm.test(token)) return refused('the Bearer credentials have not the form of a token');
      const hash = hashToken(token);
      let found: Principal | undefined;
      // No early way out: the time taken must not tell which credential came close.
      for (const { tokenHash, principal } of credentials) {
        if (timingSafeEqual(hash, tokenHash)) found ??= principal;
      }
      return found === undefined ? refused('no credential has this bearer token') : accepted(found);
    },
  };
}

/** SHA-256 of a token's octets. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** `sha256:` and 64 hexadecimal digits -> the hash; undefined for any other text. */
export function parseTokenHash(text: string): Buffer | undefined {
  const hex = /^sha256:([0-9a-f]{64})$/i.exec(text.trim())?.[1];
  return hex === undefined ? undefined : Buffer.from(hex, 'hex');
}

/** The form that the gateway file holds. */
export function printTokenHash(hash: Buffer): string {
  return `sha256:${hash.toString('hex')}`;
}
