// Bearer tokens that an administrator hands out. The gateway knows SHA-256 hashes only: the tokens are long and random,
// so a slow hash would buy nothing, and a hash that leaks cannot be used.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { accessTokens, type TokenSource } from './access-token.ts';
import { type AuthenticationMethod, refused } from './method.ts';
import type { Principal } from './principal.ts';

export interface StaticToken {
  /** SHA-256 of the token's octets; 32 octets. */
  readonly tokenHash: Buffer;
  /** Milliseconds since the epoch; the first at which it is valid. */
  readonly notBefore?: number;
  /** Milliseconds since the epoch; the first at which it is no longer valid. */
  readonly notAfter?: number;
}

export interface BearerCredential extends StaticToken {
  readonly principal: Principal;
}

/** Several tokens of one credential may be valid at once, so that a client can be given a new one before the old one ends. */
export function staticTokens(credentials: readonly BearerCredential[], now: () => number = Date.now): TokenSource {
  return {
    check(token) {
      const hash = hashToken(token);
      let found: BearerCredential | undefined;
      // No early way out: the time taken must not tell which credential came close.
      for (const credential of credentials) {
        if (timingSafeEqual(hash, credential.tokenHash)) found ??= credential;
      }
      if (found === undefined) return undefined;
      const { principal, notBefore = 0, notAfter = Number.POSITIVE_INFINITY } = found;
      if (now() < notBefore) return refused(`the token of ${principal.name} is not valid yet`, 'invalid');
      if (now() >= notAfter) return refused(`the token of ${principal.name} has expired`, 'invalid');
      return { kind: 'known', principal };
    },
  };
}

/** The method with nothing but such tokens. */
export function bearer(credentials: readonly BearerCredential[]): AuthenticationMethod {
  return accessTokens([staticTokens(credentials)]);
}

/** A new token: 256 random bits, in letters that need no quoting anywhere. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url');
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
