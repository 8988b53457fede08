import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { CompactSign, exportSPKI, importJWK } from 'jose';
import { type Authenticator, createAuthenticator } from '../../src/auth/authenticate.ts';
import type { ClaimRules, FindResource } from '../../src/auth/claims.ts';
import { createMethods } from '../../src/auth/create-methods.ts';
import type { Credential } from '../../src/auth/credential.ts';
import type { JwtSettings } from '../../src/auth/jwt.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { interop } from '../../src/scim/profile.ts';
import { audience, type Issuer, makeKey, startIssuer } from './issuer.ts';
import { noDirectory } from './no-directory.ts';
import { reasonOf, refusalOf } from './refusal.ts';
import { sampleRequest } from './sample-request.ts';

const patient = { failures: 100_000, maxSeconds: 1, forgetSeconds: 1 };
const noRules: ClaimRules = { scopes: [], roles: [], rolesClaim: 'roles', callerClaim: 'sub' };
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('JWT by JWKS', () => {
  let issuer: Issuer;
  const searched: unknown[] = [];
  const findResource: FindResource = (...search) => {
    searched.push(search);
    return Promise.resolve(search[2] === 'ada' ? { type: search[0], id: '7' } : undefined);
  };

  const settings = (change: Partial<JwtSettings> = {}): JwtSettings => ({
    issuer: issuer.url,
    audiences: [audience],
    keys: { url: issuer.jwksUrl, keepSeconds: 3600 },
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    clockSkewSeconds: 30,
    rules: noRules,
    proof: 'none',
    ...change,
  });
  const credential = (change: Partial<JwtSettings> = {}, name = 'partners'): Credential => ({
    name,
    profile: interop,
    method: { kind: 'jwt', ...settings(change) },
  });
  const authenticatorOf = (...credentials: Credential[]): Authenticator =>
    createAuthenticator(createMethods(credentials, { findResource, directory: noDirectory }), { backOff: patient });
  const asBearer = (token: string) => sampleRequest({ authorization: `Bearer ${token}` });
  const authenticate = (token: string, change: Partial<JwtSettings> = {}): Promise<Principal> =>
    authenticatorOf(credential(change)).authenticate(asBearer(token));
  const refusal = (token: string, change: Partial<JwtSettings> = {}) =>
    refusalOf(authenticatorOf(credential(change)), asBearer(token));

  before(async () => {
    issuer = await startIssuer();
  });
  after(() => issuer.stop());
  beforeEach(() => {
    searched.length = 0;
    issuer.requests.length = 0;
  });

  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    it(`takes ${alg}`, async () => {
      const key = await makeKey(alg);
      issuer.keys = [await makeKey(), key];
      const principal = await authenticate(await issuer.sign(key, { scope: 'a b' }));
      assert.deepEqual([principal.name, principal.caller, principal.scopes], ['partners', 'caller', ['a', 'b']]);
      assert.equal(principal.claims?.['iss'], issuer.url);
    });
  }

  const now = () => Math.floor(Date.now() / 1000);
  for (const [title, claims, header, reason] of [
    ['another audience', { aud: 'https://other.example' }, {}, /"?aud/],
    ['no audience', { aud: undefined }, {}, /"?aud/],
    ['a token that has expired', { exp: 1_000_000_000 }, {}, /expired/],
    ['a token that expired beyond the skew', { exp: now() - 31 }, {}, /expired/],
    ['a token without an end', { exp: undefined }, {}, /exp/],
    ['a token from the future', { nbf: now() + 86_400 }, {}, /nbf/],
    ['a DPoP proof in place of a token', {}, { typ: 'dpop+jwt' }, /type/],
    ['a logout token', {}, { typ: 'logout+jwt' }, /type/],
    ['a caller that is no text', { sub: 7 }, {}, /sub/],
    ['no caller', { sub: undefined }, {}, /sub/],
    ['a caller with control characters', { sub: 'a\nb' }, {}, /names no caller/],
    ['a caller that writes from right to left', { sub: 'a\u202eb' }, {}, /names no caller/],
    ['a caller without end', { sub: 'a'.repeat(257) }, {}, /names no caller/],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const error = await refusal(await issuer.sign(issuer.keys[0]!, claims, header));
      assert.equal(error.status, 401);
      assert.match(reasonOf(error), reason);
      assert.equal(error.headers['WWW-Authenticate']?.split(', ')[1], 'error="invalid_token"');
    });
  }

  it('takes what the skew allows, at both ends', async () => {
    const [key] = issuer.keys;
    await authenticate(await issuer.sign(key!, { exp: now() - 20 }));
    await authenticate(await issuer.sign(key!, { nbf: now() + 20 }));
    await authenticate(await issuer.sign(key!, {}, { typ: 'at+jwt' }));
    await authenticate(await issuer.sign(key!, { aud: ['x', audience] }));
  });

  it('takes tokens that do not say by which of several keys they are signed, and forgeries no more than else', async () => {
    const [first, second, foreign] = [await makeKey(), await makeKey(), await makeKey()];
    const nameless = ({ jwk: { kid: _kid, ...jwk }, ...key }: typeof first) => ({ ...key, jwk });
    issuer.keys = [nameless(first), nameless(second)];
    await authenticate(await issuer.sign(second, {}, { kid: undefined }));
    assert.equal((await refusal(await issuer.sign(foreign, {}, { kid: undefined }))).status, 401);
    const old = await issuer.sign(second, { exp: 1_000_000_000 }, { kid: undefined });
    assert.match(reasonOf(await refusal(old)), /expired/);
    issuer.keys = [await makeKey()];
  });

  it('another issuer’s token is nobody’s, and its keys are not asked for', async () => {
    const error = await refusal(await issuer.sign(issuer.keys[0]!, { iss: 'https://evil.example' }));
    assert.equal(reasonOf(error), 'no credential has this token');
    assert.deepEqual(issuer.requests, []);
  });

  describe('forgeries', () => {
    const head = (alg: string) => base64({ alg, kid: issuer.keys[0]!.kid });
    const body = () => base64({ iss: issuer.url, aud: audience, sub: 'admin', exp: now() + 300 });

    for (const alg of ['none', 'NONE', 'nOnE', '']) {
      it(`alg ${alg || 'empty'} without a signature`, async () => {
        assert.equal((await refusal(`${head(alg)}.${body()}.`)).status, 401);
      });
    }

    for (const alg of ['HS256', 'HS512']) {
      it(`${alg} with the public key as the secret`, async () => {
        const key = await makeKey('RS256', 'rsa');
        issuer.keys = [key];
        const text = `${base64({ alg, kid: 'rsa' })}.${body()}`;
        const publicKey = await importJWK(key.jwk, 'RS256', { extractable: true });
        assert.ok(!(publicKey instanceof Uint8Array));
        for (const secret of [await exportSPKI(publicKey), JSON.stringify(key.jwk), key.jwk.n ?? '']) {
          const signature = createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url');
          assert.equal((await refusal(`${text}.${signature}`)).status, 401);
        }
      });
    }

    it('a shared secret that the issuer publishes is no key', async () => {
      const secret = Buffer.alloc(32, 7);
      issuer.keys = [{ ...issuer.keys[0]!, jwk: { kty: 'oct', k: secret.toString('base64url'), kid: 'oct' } }];
      const text = `${base64({ alg: 'HS256', kid: 'oct' })}.${body()}`;
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      const error = await refusal(`${text}.${signature}`, { algorithms: ['RS256', 'HS256'] });
      assert.equal(error.status, 401);
      issuer.keys = [await makeKey()];
    });

    it('the key comes along in the header', async () => {
      const own = await makeKey('ES256', issuer.keys[0]!.kid);
      for (const header of [{ jwk: own.jwk }, { jku: 'http://127.0.0.1:1/jwks' }, { x5u: 'http://127.0.0.1:1/' }]) {
        assert.equal((await refusal(await issuer.sign(own, {}, header))).status, 401);
      }
    });

    it('an algorithm that is not allowed, with a good signature', async () => {
      const error = await refusal(await issuer.sign(issuer.keys[0]!), { algorithms: ['RS256'] });
      assert.match(reasonOf(error), /"alg"/);
    });

    it('an extension that must be understood', async () => {
      const { kid, privateKey } = issuer.keys[0]!;
      const payload = { iss: issuer.url, aud: audience, sub: 'caller', exp: now() + 300 };
      const token = await new CompactSign(Buffer.from(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'ES256', kid, crit: ['urn:x'], 'urn:x': 1 })
        .sign(privateKey, { crit: { 'urn:x': true } });
      assert.match(reasonOf(await refusal(token)), /"urn:x" is not recognized/);
    });

    it('other claims under a good signature', async () => {
      const [header, , signature] = (await issuer.sign(issuer.keys[0]!)).split('.');
      assert.equal((await refusal(`${header}.${body()}.${signature}`)).status, 401);
    });

    for (const text of ['a.b.c', '..', 'e30.e30.', `${'A'.repeat(60_000)}.e30.x`, 'eyJhbGciOiJFUzI1NiJ9.bnVsbA.x']) {
      it(`what is no token: ${text.slice(0, 30)}`, async () => {
        assert.equal((await refusal(text)).status, 401);
      });
    }

    it('claims named after parts of objects mean nothing', async () => {
      const claims = JSON.parse('{"__proto__":{"roles":["admin"]},"constructor":{"prototype":{"x":1}}}') as object;
      const token = await issuer.sign(issuer.keys[0]!, claims);
      for (const rolesClaim of ['roles', 'constructor.name', 'toString', 'toString.name', 'length']) {
        const error = await refusal(token, { rules: { ...noRules, roles: ['admin', 'Object'], rolesClaim } });
        assert.equal(error.status, 403);
      }
      assert.equal(({} as Record<string, unknown>)['roles'], undefined);
    });
  });

  describe('scopes and roles', () => {
    for (const [title, claims, rules, status] of [
      ['every scope there', { scope: 'scim read' }, { scopes: ['scim', 'read'] }, 200],
      ['scopes as Entra has them', { scp: 'scim read' }, { scopes: ['scim', 'read'] }, 200],
      ['scopes as a list', { scp: ['scim', 'read'] }, { scopes: ['scim', 'read'] }, 200],
      ['a scope missing', { scope: 'scim' }, { scopes: ['scim', 'read'] }, 403],
      ['a scope that only begins like it', { scope: 'scimx' }, { scopes: ['scim'] }, 403],
      ['no scope', {}, { scopes: ['scim'] }, 403],
      ['a scope that is no text', { scope: { scim: true } }, { scopes: ['scim'] }, 403],
      ['one of the roles', { roles: ['x', 'b'] }, { roles: ['a', 'b'] }, 200],
      ['none of the roles', { roles: ['x'] }, { roles: ['a', 'b'] }, 403],
      [
        'a role in an object',
        { realm_access: { roles: ['a'] } },
        { roles: ['a'], rolesClaim: 'realm_access.roles' },
        200,
      ],
      [
        'a claim with dots',
        { 'https://x.example/roles': ['a'] },
        { roles: ['a'], rolesClaim: 'https://x.example/roles' },
        200,
      ],
    ] as const) {
      it(`${title}: ${status}`, async () => {
        const token = await issuer.sign(issuer.keys[0]!, claims);
        const change = { rules: { ...noRules, ...rules } };
        if (status === 200) await authenticate(token, change);
        else assert.equal((await refusal(token, change)).status, status);
      });
    }

    it('403 names the scopes that are needed (RFC 6750 s3.1)', async () => {
      const error = await refusal(await issuer.sign(issuer.keys[0]!), { rules: { ...noRules, scopes: ['scim', 'x'] } });
      assert.equal(
        error.headers['WWW-Authenticate']?.split(', DPoP')[0],
        'Bearer realm="scim", error="insufficient_scope", scope="scim x"',
      );
    });

    it('of several credentials of one issuer the one that fits takes the token', async () => {
      const authenticator = authenticatorOf(
        credential({ rules: { ...noRules, scopes: ['write'] } }, 'writers'),
        credential({ rules: { ...noRules, scopes: ['read'] } }, 'readers'),
      );
      const name = async (scope: string) =>
        (await authenticator.authenticate(asBearer(await issuer.sign(issuer.keys[0]!, { scope })))).name;
      assert.deepEqual([await name('read'), await name('write')], ['readers', 'writers']);
      assert.equal(issuer.requests.length, 1, 'and both have its keys from one reading');
    });
  });

  describe('the caller', () => {
    it('is tied to the one resource that a claim names', async () => {
      const rules = { ...noRules, resource: { type: 'User', attribute: 'userName', claim: 'email' } };
      const token = (email: string) => issuer.sign(issuer.keys[0]!, { email });
      assert.deepEqual((await authenticate(await token('ada'), { rules })).resource, { type: 'User', id: '7' });
      assert.equal((await authenticate(await token('bob'), { rules })).resource, undefined);
      assert.deepEqual(searched, [
        ['User', 'userName', 'ada'],
        ['User', 'userName', 'bob'],
      ]);
      assert.equal(authenticatorOf(credential({ rules })).tiesCallers, true);
      assert.equal(authenticatorOf(credential()).tiesCallers, false);
    });

    it('is searched for only when the token is good', async () => {
      const rules = { ...noRules, resource: { type: 'User', attribute: 'userName', claim: 'sub' } };
      await refusal(await issuer.sign(await makeKey(), { sub: 'ada' }), { rules });
      assert.deepEqual(searched, []);
    });
  });
});
