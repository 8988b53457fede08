// Access tokens in the Authorization header, as bearer tokens (RFC 6750) or with a proof of possession (RFC 9449),
// whoever knows them: the gateway file, the keys of an issuer, or the issuer itself. In charge of the schemes and of
// bindings; what a token says is the business of its source.
import type { AuthenticationScheme } from '../scim/discovery.ts';
import { createDpopCheck, type DpopCheck, dpopAlgorithms } from './dpop.ts';
import {
  type AuthenticationMethod,
  accepted,
  type Refusal,
  refused,
  type Unavailable,
  worthierRefusal,
} from './method.ts';
import type { Principal } from './principal.ts';
import { type Binding, type ProofRule, refuseProof } from './proof.ts';

/** Where tokens are known. */
export interface TokenSource {
  readonly tiesCallers?: boolean;
  /** Absent where its tokens are never bound to a key. */
  readonly proof?: ProofRule;
  /** Undefined where the token is none of this source's. */
  check(token: string): Promise<TokenAnswer | undefined> | TokenAnswer | undefined;
}

export type TokenAnswer = KnownToken | Refusal | Unavailable;

export interface KnownToken {
  readonly kind: 'known';
  readonly principal: Principal;
  readonly binding?: Binding;
  readonly proof?: ProofRule;
}

/** `b64token` of RFC 6750 s2.1. */
const tokenForm = /^[A-Za-z0-9\-._~+/]+=*$/;

export function accessTokens(
  sources: readonly TokenSource[],
  dpop: DpopCheck = createDpopCheck(),
): AuthenticationMethod {
  const schemes = schemesOf(sources);
  return {
    advertised: schemes.map((scheme) => advertised[scheme]),
    schemes,
    tiesCallers: sources.some(({ tiesCallers }) => tiesCallers === true),
    challenges: ({ authorization }, refusal) =>
      schemes.map((scheme) => {
        const came = authorization?.trim().toLowerCase().startsWith(scheme) === true;
        return challenge(scheme, came ? refusal : undefined);
      }),
    async authenticate({ scheme, credentials: token, request }) {
      if (!tokenForm.test(token)) return refused('the credentials have not the form of a token');
      let refusal: Refusal | undefined;
      let unavailable: Unavailable | undefined;
      for (const source of sources) {
        const answer = await source.check(token);
        if (answer?.kind === 'known') {
          const { principal, binding = {}, proof = 'none' } = answer;
          const wrong = await refuseProof({ scheme, token, request }, binding, proof, dpop);
          if (wrong === undefined) return accepted(principal);
          refusal = worthierRefusal(refusal, { ...wrong, reason: `${principal.name}: ${wrong.reason}` });
        }
        if (answer?.kind === 'refused') refusal = worthierRefusal(refusal, answer);
        if (answer?.kind === 'unavailable') unavailable ??= answer;
      }
      return refusal ?? unavailable ?? refused('no credential has this token');
    },
  };
}

type TokenScheme = 'bearer' | 'dpop';

/** Neither is offered that no token could come by. */
function schemesOf(sources: readonly TokenSource[]): readonly TokenScheme[] {
  const bearer = sources.some(({ proof }) => proof !== 'dpop');
  const dpop = sources.some(({ proof }) => proof === 'dpop' || proof === 'none');
  return [...(bearer ? (['bearer'] as const) : []), ...(dpop ? (['dpop'] as const) : [])];
}

const advertised: Readonly<Record<TokenScheme, AuthenticationScheme>> = {
  bearer: {
    type: 'oauthbearertoken',
    name: 'Bearer token',
    description: 'An access token, sent as Authorization: Bearer.',
    specUri: 'https://www.rfc-editor.org/info/rfc6750',
  },
  dpop: {
    type: 'oauth2',
    name: 'DPoP',
    description: 'An access token that is bound to a key of the client, sent as Authorization: DPoP with a proof.',
    specUri: 'https://www.rfc-editor.org/info/rfc9449',
  },
};

function challenge(scheme: TokenScheme, refusal: Refusal | undefined): string {
  const error = errorOf(refusal);
  if (scheme === 'bearer') return ['Bearer realm="scim"', ...error].join(', ');
  return [`DPoP realm="scim", algs="${dpopAlgorithms.join(' ')}"`, ...error].join(', ');
}

/** RFC 6750 s3.1, RFC 9449 s7.1. */
function errorOf(refusal: Refusal | undefined): readonly string[] {
  if (refusal === undefined) return [];
  if (refusal.proof === true) return ['error="invalid_dpop_proof"'];
  if (refusal.fault !== 'insufficient') return ['error="invalid_token"'];
  const scopes = refusal.scopes ?? [];
  return ['error="insufficient_scope"', ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`])];
}
