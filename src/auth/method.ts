// What a method of authentication is, and what it gets to see of a request. `http` makes the request; nothing here knows
// sockets or Koa.
import type { X509Certificate } from 'node:crypto';
import type { AuthenticationScheme } from '../scim/discovery.ts';
import type { Principal } from './principal.ts';

export interface AuthenticationRequest {
  readonly method: string;
  /** As the client sees it, without query: what a proof of possession is made for. */
  readonly url: string;
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** Every value of a header, as often as it came. The name in lower case. */
  header(name: string): readonly string[];
  /** Where the request comes from; behind a trusted proxy what that says. */
  readonly address: string;
  /** The certificate whose key the client has shown to hold. */
  readonly certificate?: ClientCertificate;
}

export interface ClientCertificate {
  readonly x509: X509Certificate;
  /** Whether an authority that the operator named has signed it. The possession of its key is proven in any case. */
  readonly trusted: boolean;
}

/** One way to prove who one is. A new method is one file and one line in `create-methods.ts`. */
export interface AuthenticationMethod {
  /** What discovery says about it; empty where another method's entry says it already. */
  readonly advertised: readonly AuthenticationScheme[];
  /** Schemes of the Authorization header that it understands, in lower case. Empty: it looks at requests without the header. */
  readonly schemes: readonly string[];
  /** Whether its callers may be resources of the gateway themselves (`Principal.resource`). */
  readonly tiesCallers?: boolean;
  /** Challenges for WWW-Authenticate (RFC 9110 s11.6.1). `refusal`: what was wrong with credentials of its schemes. */
  challenges(request: AuthenticationRequest, refusal: Refusal | undefined): readonly string[];
  /** Whom the credentials claim to be, where that can be guessed against: failures are counted by it. */
  claimant?(credentials: string): string | undefined;
  authenticate(attempt: Attempt): Promise<Outcome> | Outcome;
}

export interface Attempt {
  /** In lower case; empty without Authorization header. */
  readonly scheme: string;
  /** What follows the scheme's name. */
  readonly credentials: string;
  readonly request: AuthenticationRequest;
}

export type Outcome = Accepted | Refusal | Unavailable;

export interface Accepted {
  readonly kind: 'accepted';
  readonly principal: Principal;
}

export interface Refusal {
  readonly kind: 'refused';
  /** For the log of the operator; never told to the client, and without anything secret. */
  readonly reason: string;
  /**
   * `unknown`: the credentials prove nothing, as if guessed. `invalid`: genuine and not valid, such as a token that has
   * expired. `insufficient`: valid, and not for this gateway's use.
   */
  readonly fault: 'unknown' | 'invalid' | 'insufficient';
  /** Scopes that would have been needed (RFC 6750 s3.1). */
  readonly scopes?: readonly string[];
  /** The proof of possession was wrong, not the token (RFC 9449 s7.1). */
  readonly proof?: true;
}

/** Nobody can say now whether the credentials are good: the issuer or the directory does not answer. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

export function accepted(principal: Principal): Accepted {
  return { kind: 'accepted', principal };
}

export function refused(reason: string, fault: Refusal['fault'] = 'unknown'): Refusal {
  return { kind: 'refused', reason, fault };
}

const worth = ['unknown', 'invalid', 'insufficient'] as const;

/** Of several refusals the one that came closest to the credentials' meaning. */
export function worthierRefusal(first: Refusal | undefined, second: Refusal): Refusal {
  if (first === undefined) return second;
  return worth.indexOf(second.fault) > worth.indexOf(first.fault) ? second : first;
}
