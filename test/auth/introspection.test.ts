import assert from 'node:assert/strict';
import { accessTokens } from '../../src/auth/access-token.ts';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import type { ClaimRules } from '../../src/auth/claims.ts';
import { type IntrospectionSettings, introspection } from '../../src/auth/introspection.ts';
import { Secret } from '../../src/config/secret.ts';
import { interop } from '../../src/scim/profile.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { reasonOf, refusalOf } from './refusal.ts';
import { sampleRequest } from './sample-request.ts';

const rules: ClaimRules = { scopes: [], roles: [], rolesClaim: 'roles', callerClaim: 'sub' };
const clientSecret = 'p@ss:w%rd +ü';

describe('OAuth 2.0 token introspection (RFC 7662)', () => {
  let issuer: Issuer;
  let time: number;

  beforeEach(async () => {
    issuer = await startIssuer();
    time = 1_800_000_000_000;
    issuer.active.set('good', { active: true, sub: 'caller', client_id: 'c', scope: 'a' });
  });
  afterEach(() => issuer.stop());

  const open = (change: Partial<IntrospectionSettings> = {}) => {
    const settings: IntrospectionSettings = {
      url: issuer.introspectionUrl,
      clientId: 'gate:way',
      clientSecret: new Secret(clientSecret),
      clientAuthentication: 'basic',
      cacheSeconds: 60,
      clockSkewSeconds: 30,
      audiences: [],
      rules,
      proof: 'none',
      ...change,
    };
    const ports = { now: () => time, findResource: () => Promise.resolve(undefined) };
    const source = introspection({ name: 'opaque', profile: interop }, settings, ports);
    const backOff = { failures: 100_000, maxSeconds: 1, forgetSeconds: 1 };
    const authenticator = createAuthenticator([accessTokens([source])], { backOff });
    const request = (token: string) => sampleRequest({ authorization: `Bearer ${token}` });
    return {
      authenticate: (token: string) => authenticator.authenticate(request(token)),
      refusal: (token: string) => refusalOf(authenticator, request(token)),
    };
  };
  const asked = () => issuer.requests.length;

  it('lets in whom the issuer calls active, and knows what it said', async () => {
    const { name, caller, scopes, claims } = await open().authenticate('good');
    assert.deepEqual([name, caller, scopes, claims?.['client_id']], ['opaque', 'caller', ['a'], 'c']);
  });

  it('authenticates by RFC 6749 s2.3.1, and sends the token in the body alone', async () => {
    await open().authenticate('good');
    const [question] = issuer.requests;
    const [id, secret] = Buffer.from(question!.authorization.replace('Basic ', ''), 'base64').toString().split(':');
    const decode = (text = '') => [...new URLSearchParams(`=${text}`)][0]?.[1];
    assert.deepEqual([decode(id), decode(secret)], ['gate:way', clientSecret]);
    assert.deepEqual(Object.fromEntries(question!.body), { token: 'good', token_type_hint: 'access_token' });
    assert.equal(question!.path, '/introspect');
  });

  it('or with the secret in the body', async () => {
    await open({ clientAuthentication: 'post' }).authenticate('good');
    const { body, authorization } = issuer.requests[0]!;
    assert.deepEqual([body.get('client_id'), body.get('client_secret'), authorization], ['gate:way', clientSecret, '']);
  });

  for (const [title, answer] of [
    ['false', { active: false, sub: 'caller' }],
    ['missing', { sub: 'caller' }],
    ['a text', { active: 'true', sub: 'caller' }],
    ['a number', { active: 1, sub: 'caller' }],
  ] as const) {
    it(`401 where active is ${title}`, async () => {
      issuer.active.set('odd', answer);
      assert.equal((await open().refusal('odd')).status, 401);
    });
  }

  const seconds = () => time / 1000;
  for (const [title, claims, change, reason] of [
    ['has expired', () => ({ exp: seconds() - 31 }), {}, /expired/],
    ['is not valid yet', () => ({ nbf: seconds() + 31 }), {}, /not valid yet/],
    ['ends at a text', () => ({ exp: 'tomorrow' }), {}, /expired/],
    ['is for another audience', () => ({ aud: 'x' }), { audiences: ['y'] }, /audience/],
    ['names no audience where one is demanded', () => ({}), { audiences: ['y'] }, /audience/],
    ['is of another issuer', () => ({ iss: 'x' }), { issuer: 'y' }, /issuer/],
  ] as const) {
    it(`401 for an active token that ${title}`, async () => {
      issuer.active.set('odd', { active: true, sub: 'caller', ...claims() });
      const error = await open(change).refusal('odd');
      assert.equal(error.status, 401);
      assert.match(reasonOf(error), reason);
    });
  }

  describe('the answer is kept', () => {
    it('for a bounded time: a token that was revoked ends with it', async () => {
      const { authenticate, refusal } = open();
      await authenticate('good');
      issuer.active.delete('good');
      time += 59_000;
      await authenticate('good');
      assert.equal(asked(), 1);
      time += 2000;
      assert.equal((await refusal('good')).status, 401);
    });

    it('never beyond the end of the token', async () => {
      issuer.active.set('short', { active: true, sub: 'caller', exp: seconds() + 5 });
      const { authenticate } = open();
      await authenticate('short');
      time += 5001;
      await authenticate('short');
      assert.equal(asked(), 2);
      time += 31_000;
      await assert.rejects(authenticate('short'));
    });

    it('shortly where the token is unknown, so that guesses do not all reach the issuer', async () => {
      const { refusal, authenticate } = open();
      for (let tries = 0; tries < 5; tries += 1) await refusal('new');
      assert.equal(asked(), 1);
      issuer.active.set('new', { active: true, sub: 'caller' });
      time += 10_001;
      await authenticate('new');
    });

    it('not at all where the operator says so', async () => {
      const { authenticate } = open({ cacheSeconds: 0 });
      await authenticate('good');
      await authenticate('good');
      assert.equal(asked(), 2);
    });

    it('and asked for once for many requests at the same time', async () => {
      const { authenticate } = open();
      await Promise.all(Array.from({ length: 20 }, () => authenticate('good')));
      assert.equal(asked(), 1);
    });
  });

  for (const [title, broken] of [
    ['does not answer', (response) => response.destroy()],
    ['does not know the gateway', (response) => response.writeHead(401).end()],
    ['answers with something else', (response) => response.end('{"active":true')],
  ] as readonly (readonly [string, NonNullable<Issuer['broken']>])[]) {
    it(`503 where the issuer ${title}, and nothing of it is kept`, async () => {
      const { refusal, authenticate } = open();
      issuer.broken = broken;
      const error = await refusal('good');
      assert.equal(error.status, 503);
      assert.match(reasonOf(error), /^opaque: introspection: http:\/\/127/);
      assert.doesNotMatch(`${reasonOf(error)}${error.detail}`, /good|p@ss/);
      delete issuer.broken;
      await authenticate('good');
    });
  }

  it('made-up tokens in great number do not bring the issuer down', async () => {
    const { refusal } = open();
    const waiting: (() => void)[] = [];
    issuer.broken = (response) => waiting.push(() => response.end('{"active":false}'));
    const all = Array.from({ length: 150 }, (_, n) => refusal(`made-up-${n}`));
    while (waiting.length < 100) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(asked(), 100);
    for (const end of waiting) end();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 503).length, 50);
  });
});
