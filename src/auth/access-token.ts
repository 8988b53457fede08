// Access tokens in the Authorization header (RFC 6750), whoever knows them: the gateway file, the keys of an issuer, or
// the issuer itself. In charge of the scheme; what a token says is the business of its source.
import { type AuthenticationMethod, accepted, type Refusal, refused, type Unavailable } from './method.ts';
import type { Principal } from './principal.ts';

/** Where tokens are known. */
export interface TokenSource {
  readonly tiesCallers?: boolean;
  /** Undefined where the token is none of this source's. */
  check(token: string): Promise<TokenAnswer | undefined> | TokenAnswer | undefined;
}

export type TokenAnswer = KnownToken | Refusal | Unavailable;

export interface KnownToken {
  readonly kind: 'known';
  readonly principal: Principal;
}

/** `b64token` of RFC 6750 s2.1. */
const tokenForm = /^[A-Za-z0-9\-._~+/]+=*$/;

export function accessTokens(sources: readonly TokenSource[]): AuthenticationMethod {
  return {
    advertised: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'An access token, sent as Authorization: Bearer.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
      },
    ],
    schemes: ['bearer'],
    tiesCallers: sources.some(({ tiesCallers }) => tiesCallers === true),
    challenges: (_request, refusal) => [['Bearer realm="scim"', ...errorOf(refusal)].join(', ')],
    async authenticate({ credentials: token }) {
      if (!tokenForm.test(token)) return refused('the credentials have not the form of a token');
      let unavailable: Unavailable | undefined;
      for (const source of sources) {
        const answer = await source.check(token);
        if (answer?.kind === 'known') return accepted(answer.principal);
        if (answer?.kind === 'unavailable') unavailable = answer;
        if (answer?.kind === 'refused') return answer;
      }
      return unavailable ?? refused('no credential has this token');
    },
  };
}

/** RFC 6750 s3.1. */
function errorOf(refusal: Refusal | undefined): readonly string[] {
  if (refusal === undefined) return [];
  if (refusal.fault !== 'insufficient') return ['error="invalid_token"'];
  const scopes = refusal.scopes ?? [];
  return ['error="insufficient_scope"', ...(scopes.length === 0 ? [] : [`scope="${scopes.join(' ')}"`])];
}
