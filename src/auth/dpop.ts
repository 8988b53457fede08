// DPoP proofs (RFC 9449): a JWT that the client signs for this very request, with the key that its token is bound to.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type AuthenticationRequest, type Refusal, refused } from './method.ts';

export interface Proven {
  readonly kind: 'proven';
  /** RFC 7638 thumbprint of the key. */
  readonly jkt: string;
}

export type DpopCheck = (request: AuthenticationRequest, token: string) => Promise<Proven | Refusal>;

export const dpopAlgorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256', 'PS384', 'PS512', 'RS256'] as const;

/** How far the clocks of client and gateway may be apart, and how old a proof may be. */
const windowSeconds = 60;
/** Proofs that were seen. Only who has a good token gets this far, so that strangers cannot push others' out. */
const mostProofs = 100_000;

/** Remembers the proofs that it has seen: each is good for one request. Per process. */
export function createDpopCheck(now: () => number = Date.now): DpopCheck {
  const seen = new LRUCache<string, true>({ max: mostProofs, ttl: 2 * windowSeconds * 1000, perf: { now } });
  const refuse = (reason: string): Refusal => ({ ...refused(`DPoP: ${reason}`, 'invalid'), proof: true });

  return async (request, token) => {
    const proofs = request.header('dpop');
    const [proof] = proofs;
    if (proof === undefined || proofs.length > 1) return refuse('there must be exactly one proof');
    const verified = await verifyProof(proof, now());
    if (verified === undefined) return refuse('the proof is malformed, or its signature is wrong');
    const { payload, protectedHeader } = verified;
    const { htm, htu, iat, jti, ath } = payload;
    if (htm !== request.method) return refuse('htm is of another method');
    if (typeof htu !== 'string' || !isSameUrl(htu, request.url)) return refuse(`htu is not ${request.url}`);
    if (typeof iat !== 'number' || Math.abs(now() / 1000 - iat) > windowSeconds) return refuse('iat is not now');
    if (ath !== createHash('sha256').update(token).digest('base64url')) return refuse('ath is of another token');
    if (typeof jti !== 'string' || jti === '' || jti.length > 256) return refuse('jti is missing or too long');
    if (protectedHeader.jwk === undefined) return refuse('there is no key');
    const jkt = await calculateJwkThumbprint(protectedHeader.jwk, 'sha256');
    const key = `${jkt} ${createHash('sha256').update(jti).digest('base64')}`;
    if (seen.has(key)) return refuse('the proof has been used before');
    seen.set(key, true);
    return { kind: 'proven', jkt };
  };
}

async function verifyProof(proof: string, now: number) {
  try {
    const options = { typ: 'dpop+jwt', algorithms: [...dpopAlgorithms], currentDate: new Date(now) };
    return await jwtVerify(proof, EmbeddedJWK, options);
  } catch {
    return undefined;
  }
}

/** Without query and fragment, normalised by the rules of URLs (RFC 9449 s4.3). */
function isSameUrl(a: string, b: string): boolean {
  const [one, other] = [URL.parse(a), URL.parse(b)];
  if (one === null || other === null) return false;
  const path = ({ pathname }: URL): string => (pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname);
  return one.origin === other.origin && path(one) === path(other);
}
