// Access tokens that an issuer signs (RFC 7519, RFC 9068), checked with its public keys. Only algorithms of key pairs are
// ever allowed: with a shared secret the gateway could make tokens itself, and a public key could be passed for one.
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { JsonObject } from '../scim/json.ts';
import type { KnownToken, TokenAnswer, TokenSource } from './access-token.ts';
import { type ClaimRules, type FindResource, type Holder, toPrincipal } from './claims.ts';
import { KeysUnavailableError } from './key-set.ts';
import { refused } from './method.ts';
import { bindingOf, type ProofRule } from './proof.ts';

export interface JwtSettings {
  readonly issuer: string;
  /** One of them must be among the token's. */
  readonly audiences: readonly string[];
  readonly keys: { readonly url: string; readonly keepSeconds: number } | { readonly jwks: JsonObject };
  readonly algorithms: readonly string[];
  readonly clockSkewSeconds: number;
  readonly rules: ClaimRules;
  readonly proof: ProofRule;
}

/** An ID token or a proof that the same issuer or client signed is no access token. */
const types = ['jwt', 'at+jwt', 'application/at+jwt'];

export function jwt(
  holder: Holder,
  settings: JwtSettings,
  keys: JWTVerifyGetKey,
  ports: { readonly findResource: FindResource; readonly now?: () => number },
): TokenSource {
  const { issuer, audiences, algorithms, clockSkewSeconds, rules, proof } = settings;
  const refuse = (reason: string, fault?: 'invalid') => refused(`${holder.name}: ${reason}`, fault);

  async function verify(token: string): Promise<TokenAnswer> {
    const now = ports.now?.() ?? Date.now();
    const { payload, protectedHeader } = await verifySignature(token, keys, {
      issuer,
      audience: [...audiences],
      algorithms: [...algorithms],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    const { typ } = protectedHeader;
    if (typ !== undefined && !types.includes(typ.toLowerCase())) return refuse(`a token of the type ${typ}`, 'invalid');
    const claims = payload as JsonObject;
    const principal = await toPrincipal(holder, rules, claims, ports.findResource);
    if ('kind' in principal) return principal;
    return { kind: 'known', principal, binding: bindingOf(claims), proof } satisfies KnownToken;
  }

  return {
    tiesCallers: rules.resource !== undefined,
    proof,
    async check(token) {
      if (issuerOf(token) !== issuer) return undefined;
      try {
        return await verify(token);
      } catch (error) {
        if (error instanceof KeysUnavailableError) {
          return { kind: 'unavailable', reason: `${holder.name}: ${error.message}` };
        }
        // The signature is checked first, so whoever has a claim refused has a token that the issuer made.
        if (error instanceof errors.JWTExpired) return refuse('the token has expired', 'invalid');
        if (error instanceof errors.JWTClaimValidationFailed)
          return refuse(`${error.claim} ${error.reason}`, 'invalid');
        if (error instanceof errors.JOSEError) return refuse(error.message);
        // Web Crypto refuses keys of a wrong kind with errors of its own.
        return refuse(error instanceof Error ? error.message : 'the token cannot be verified');
      }
    },
  };
}

/** Where the token does not say which of several keys, each is tried. */
async function verifySignature(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions) {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (wrong) {
        if (!(wrong instanceof errors.JWSSignatureVerificationFailed)) throw wrong;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Not verified: tells only whose keys to try. */
function issuerOf(token: string): unknown {
  try {
    decodeProtectedHeader(token);
    const payload: JWTPayload = decodeJwt(token);
    return payload.iss;
  } catch {
    return undefined;
  }
}
