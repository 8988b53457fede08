// Finds out who sent a request, by the methods that the operator chose. Unknown and wrong credentials get one and the
// same answer, and nothing of what was sent is told to anyone; the operator's log learns why.
import type { AuthenticationScheme } from '../scim/discovery.ts';
import { ScimError } from '../scim/error.ts';
import { type BackOffSettings, createBackOff, defaultBackOff } from './back-off.ts';
import {
  type AuthenticationMethod,
  type AuthenticationRequest,
  type Refusal,
  type Unavailable,
  worthierRefusal,
} from './method.ts';
import type { Principal } from './principal.ts';

export interface Authenticator {
  readonly schemes: readonly AuthenticationScheme[];
  /** Whether some method may tell which resource a caller is. */
  readonly tiesCallers: boolean;
  /**
   * Throws `ScimError`: 401 with the challenges of all methods, 403 for a token that lacks a scope, 429 with Retry-After
   * for who has failed too often, 503 where nobody can tell now.
   */
  authenticate(request: AuthenticationRequest): Promise<Principal>;
}

export function createAuthenticator(
  methods: readonly AuthenticationMethod[],
  options: { readonly backOff?: BackOffSettings; readonly now?: () => number } = {},
): Authenticator {
  const backOff = createBackOff(options.backOff ?? defaultBackOff, options.now);
  return {
    schemes: methods.flatMap(({ advertised }) => advertised),
    tiesCallers: methods.some((method) => method.tiesCallers === true),
    async authenticate(request) {
      const { scheme, credentials } = splitAuthorization(request.authorization);
      const fitting = methods.filter(({ schemes }) =>
        scheme === '' ? schemes.length === 0 : schemes.includes(scheme),
      );
      const claimant = fitting.map((method) => method.claimant?.(credentials)).find((name) => name !== undefined);
      const key = { address: request.address, claimant, authorization: request.authorization ?? '' };
      const refuseGuessing = (): void => {
        const seconds = backOff.wait(key);
        if (scheme !== '' && seconds > 0) throw tooManyFailures(seconds);
      };
      refuseGuessing();
      let refusal: Refusal | undefined;
      let unavailable: Unavailable | undefined;
      for (const method of fitting) {
        const outcome = await method.authenticate({ scheme, credentials, request });
        if (outcome.kind === 'accepted') {
          // Others may have failed while this one was looked at: many guesses at once are told no more than few.
          refuseGuessing();
          if (scheme !== '') backOff.succeeded(key);
          return outcome.principal;
        }
        if (outcome.kind === 'unavailable') unavailable = outcome;
        else refusal = worthierRefusal(refusal, outcome);
      }
      if (unavailable !== undefined) throw cannotTell(unavailable);
      if (scheme !== '' && (refusal === undefined || refusal.fault === 'unknown')) backOff.failed(key);
      throw refuse(methods, fitting, request, refusal);
    },
  };
}

function refuse(
  methods: readonly AuthenticationMethod[],
  fitting: readonly AuthenticationMethod[],
  request: AuthenticationRequest,
  refusal: Refusal | undefined,
): ScimError {
  const challenges = methods.flatMap((method) =>
    method.challenges(request, fitting.includes(method) ? refusal : undefined),
  );
  const headers = { 'WWW-Authenticate': [...new Set(challenges)].join(', ') };
  const cause = refusal === undefined ? {} : { cause: new Error(refusal.reason) };
  if (refusal?.fault === 'insufficient') {
    return new ScimError(403, undefined, 'These credentials are not meant for this gateway.', { headers, ...cause });
  }
  const detail = 'This request needs valid credentials in the Authorization header.';
  return new ScimError(401, undefined, detail, { headers, ...cause });
}

function tooManyFailures(seconds: number): ScimError {
  const detail = `Too many requests with wrong credentials came; try again in ${seconds} seconds.`;
  return new ScimError(429, undefined, detail, { headers: { 'Retry-After': String(seconds) } });
}

function cannotTell({ reason }: Unavailable): ScimError {
  const detail = 'The credentials cannot be checked at the moment; try again later.';
  return new ScimError(503, undefined, detail, { headers: { 'Retry-After': '10' }, cause: new Error(reason) });
}

/** In time that grows with the header and no faster: anyone may send one, of up to 64 KB. */
function splitAuthorization(header = ''): { readonly scheme: string; readonly credentials: string } {
  const text = header.trim();
  const end = text.search(/\s/);
  return end < 0
    ? { scheme: text.toLowerCase(), credentials: '' }
    : { scheme: text.slice(0, end).toLowerCase(), credentials: text.slice(end).trimStart() };
}
