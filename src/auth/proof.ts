// Proof of possession: a token that is bound to a key is worth nothing without the key. DPoP (RFC 9449) shows the key by a
// signature for each request, a TLS client certificate (RFC 8705) by the connection.
import { createHash, type X509Certificate } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../scim/json.ts';
import type { DpopCheck } from './dpop.ts';
import { type AuthenticationRequest, type Refusal, refused } from './method.ts';

/** What a credential demands of its tokens; one that is bound is held to its binding in any case. */
export type ProofRule = 'none' | 'dpop' | 'certificate';

/** `cnf` of a token (RFC 7800). */
export interface Binding {
  /** RFC 7638 thumbprint of the DPoP key. */
  readonly jkt?: string;
  /** SHA-256 of the certificate. */
  readonly x5t?: string;
  /** A kind of binding that is not known here: such a token can be used by nobody. */
  readonly other?: true;
}

export function bindingOf(claims: JsonObject): Binding {
  const cnf = Object.hasOwn(claims, 'cnf') ? claims['cnf'] : undefined;
  if (cnf === undefined) return {};
  if (!isJsonObject(cnf)) return { other: true };
  const own = (name: string): string | undefined => {
    const value = Object.hasOwn(cnf, name) ? cnf[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const [jkt, x5t] = [own('jkt'), own('x5t#S256')];
  if (jkt === undefined && x5t === undefined) return { other: true };
  return { ...(jkt === undefined ? {} : { jkt }), ...(x5t === undefined ? {} : { x5t }) };
}

export interface ProofAttempt {
  readonly scheme: string;
  readonly token: string;
  readonly request: AuthenticationRequest;
}

/** Undefined where the request shows every key that the token is bound to. */
export async function refuseProof(
  attempt: ProofAttempt,
  binding: Binding,
  rule: ProofRule,
  dpop: DpopCheck,
): Promise<Refusal | undefined> {
  const invalid = (reason: string): Refusal => refused(reason, 'invalid');
  if (binding.other === true) return invalid('the token is bound in a way that is not known here');
  if (rule === 'dpop' && binding.jkt === undefined) return invalid('the token is bound to no DPoP key');
  if (rule === 'certificate' && binding.x5t === undefined) return invalid('the token is bound to no certificate');
  // RFC 9449 s7.2: a bound token that comes as a bearer token has been stolen, or its client downgraded.
  if ((binding.jkt !== undefined) !== (attempt.scheme === 'dpop')) {
    return invalid('a token that is bound to a DPoP key comes with the scheme DPoP, and no other one does');
  }
  if (binding.jkt !== undefined) {
    const proof = await dpop(attempt.request, attempt.token);
    if (proof.kind === 'refused') return proof;
    if (proof.jkt !== binding.jkt) return { ...invalid('the DPoP proof is of another key'), proof: true };
  }
  if (binding.x5t !== undefined) {
    const { certificate } = attempt.request;
    if (certificate === undefined) return invalid('the token is bound to a certificate, and none came');
    if (thumbprint(certificate.x509) !== binding.x5t) return invalid('the token is bound to another certificate');
  }
  return undefined;
}

/** `x5t#S256` of RFC 8705 s3.1. */
export function thumbprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
