// The public keys of an issuer (RFC 7517), read from its URL and kept. In charge of when to ask again: after a while, and
// when a token names a key that is not known, which is how issuers change keys. What was known last stays in use for a
// bounded time while the issuer does not answer.
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { isJsonObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { fetchJson } from './fetch-json.ts';

/** The keys cannot be had at present; the text is for the operator. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

export interface KeySetOptions {
  /** How long the last known keys serve while they cannot be read again. */
  readonly keepSeconds: number;
  readonly now?: () => number;
}

/** Keys of this age are read again. */
const freshMilliseconds = 600_000;
/** Between two readings, so that tokens with made-up keys cannot make the gateway flood the issuer. */
const coolDownMilliseconds = 10_000;

/** Of a URL. Nothing is read before the first token comes; rejects with `KeysUnavailableError`. */
export function createRemoteKeySet(url: string, { keepSeconds, now = Date.now }: KeySetOptions): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure = '';
  let reading: Promise<void> | undefined;

  const mayTry = (): boolean => reading !== undefined || now() - triedAt >= coolDownMilliseconds;

  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  async function read(): Promise<void> {
    triedAt = now();
    try {
      keys = createKeySet(await fetchJson(url));
      readAt = now();
      failure = '';
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
  }

  return async (header, token) => {
    const usable = (): boolean => now() - readAt < Math.max(keepSeconds * 1000, freshMilliseconds);
    if (now() - readAt >= freshMilliseconds && mayTry()) {
      const refreshed = refresh();
      // Nobody waits for an issuer that hangs while there are keys to go on with.
      if (!usable()) await refreshed;
    }
    if (keys === undefined || !usable()) {
      throw new KeysUnavailableError(`the keys of the issuer cannot be read: ${failure}`);
    }
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayTry()) throw error;
      await refresh();
      if (failure !== '') throw new KeysUnavailableError(`the keys of the issuer cannot be read: ${failure}`);
      return await keys(header, token);
    }
  };
}

/** Of the content of a JWKS. Throws where it is none. Keys that are secrets are never among them. */
export function createKeySet(jwks: JsonObject): JWTVerifyGetKey {
  const { keys } = jwks;
  if (!Array.isArray(keys)) throw new Error('the answer is no key set');
  const values = keys as readonly JsonValue[];
  return createLocalJWKSet({ keys: values.filter(isJsonObject).filter(({ kty }) => kty !== 'oct') });
}
