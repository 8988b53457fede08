// Access tokens that only their issuer can read: it is asked (RFC 7662), and its answer kept for a bounded time, which is
// how long a token that was revoked may still be good here.
import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../scim/json.ts';
import type { TokenAnswer, TokenSource } from './access-token.ts';
import { type ClaimRules, type FindResource, findClaim, type Holder, toPrincipal } from './claims.ts';
import { fetchJson, type Question } from './fetch-json.ts';
import { refused } from './method.ts';
import { bindingOf, type ProofRule } from './proof.ts';

export interface IntrospectionSettings {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: { reveal(): string };
  readonly clientAuthentication: 'basic' | 'post';
  /** 0: every request asks. */
  readonly cacheSeconds: number;
  readonly clockSkewSeconds: number;
  /** The answer must name it, where it is set. */
  readonly issuer?: string;
  /** The answer must name one of them; none: any. */
  readonly audiences: readonly string[];
  readonly rules: ClaimRules;
  readonly proof: ProofRule;
}

/** How long a token that is not active is not asked about again. */
const negativeSeconds = 10;
const mostAnswers = 10_000;
/** Questions at once; what goes beyond is refused, so that made-up tokens cannot bring the issuer down. */
const mostQuestions = 100;

export function introspection(
  holder: Holder,
  settings: IntrospectionSettings,
  ports: { readonly findResource: FindResource; readonly now?: () => number },
): TokenSource {
  const now = ports.now ?? Date.now;
  const answers = new LRUCache<string, JsonObject>({ max: mostAnswers, ttl: 1000, perf: { now }, ttlResolution: 0 });
  const asking = new Map<string, Promise<JsonObject>>();
  const salt = randomBytes(16).toString('latin1');

  function ask(token: string): Promise<JsonObject> {
    const key = hash('sha256', salt + token, 'base64');
    const known = answers.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const running = asking.get(key);
    if (running !== undefined) return running;
    if (asking.size >= mostQuestions) return Promise.reject(new Error(`${settings.url}: too many questions at once`));
    const question = fetchJson(settings.url, toQuestion(settings, token))
      .then((answer) => {
        const ttl = 1000 * keepSeconds(settings, answer, now());
        if (ttl > 0) answers.set(key, answer, { ttl });
        return answer;
      })
      .finally(() => asking.delete(key));
    asking.set(key, question);
    return question;
  }

  return {
    tiesCallers: settings.rules.resource !== undefined,
    proof: settings.proof,
    async check(token): Promise<TokenAnswer | undefined> {
      let answer: JsonObject;
      try {
        answer = await ask(token);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { kind: 'unavailable', reason: `${holder.name}: introspection: ${reason}` };
      }
      if (answer['active'] !== true) return undefined;
      const fault = faultOf(settings, answer, now() / 1000);
      if (fault !== undefined) return refused(`${holder.name}: ${fault}`, 'invalid');
      const principal = await toPrincipal(holder, settings.rules, answer, ports.findResource);
      if ('kind' in principal) return principal;
      return { kind: 'known', principal, binding: bindingOf(answer), proof: settings.proof };
    },
  };
}

function toQuestion({ clientId, clientSecret, clientAuthentication }: IntrospectionSettings, token: string): Question {
  const body = new URLSearchParams({ token, token_type_hint: 'access_token' });
  const headers: Record<string, string> = {};
  if (clientAuthentication === 'post') {
    body.set('client_id', clientId);
    body.set('client_secret', clientSecret.reveal());
  } else {
    // RFC 6749 s2.3.1: both are encoded as in a form before they are joined.
    const pair = [clientId, clientSecret.reveal()].map((text) => new URLSearchParams({ '': text }).toString().slice(1));
    headers['Authorization'] = `Basic ${Buffer.from(pair.join(':')).toString('base64')}`;
  }
  return { method: 'POST', headers, body };
}

function keepSeconds({ cacheSeconds }: IntrospectionSettings, answer: JsonObject, now: number): number {
  if (answer['active'] !== true) return Math.min(negativeSeconds, cacheSeconds);
  const exp = findClaim(answer, 'exp');
  return typeof exp === 'number' ? Math.min(cacheSeconds, exp - now / 1000) : cacheSeconds;
}

/** The issuer has said active; that it meant this gateway, and that it still holds, is checked here. */
function faultOf(settings: IntrospectionSettings, answer: JsonObject, now: number): string | undefined {
  const { issuer, audiences, clockSkewSeconds } = settings;
  const [exp, nbf, iss, aud] = ['exp', 'nbf', 'iss', 'aud'].map((name) => findClaim(answer, name));
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + clockSkewSeconds)) return 'the token has expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf - clockSkewSeconds))
    return 'the token is not valid yet';
  if (issuer !== undefined && iss !== issuer) return 'the token is of another issuer';
  if (audiences.length > 0 && ![aud].flat().some((each) => typeof each === 'string' && audiences.includes(each))) {
    return 'the token is for another audience';
  }
  return undefined;
}
