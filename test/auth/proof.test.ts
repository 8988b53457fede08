import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { accessTokens, type KnownToken, type TokenSource } from '../../src/auth/access-token.ts';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { createDpopCheck } from '../../src/auth/dpop.ts';
import { bindingOf, type ProofRule } from '../../src/auth/proof.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { interop } from '../../src/scim/profile.ts';
import { makeKey, type SigningKey } from './issuer.ts';
import { makeCertificate } from './make-certificate.ts';
import { reasonOf, refusalOf } from './refusal.ts';
import { sampleRequest } from './sample-request.ts';

const url = 'https://scim.example.com/scim/v2/Users';
const token = 'an-access-token';
const ath = (text: string) => createHash('sha256').update(text).digest('base64url');

function open(claims: JsonObject, proof: ProofRule, now: () => number) {
  const known: KnownToken = {
    kind: 'known',
    principal: { name: 'bound', profile: interop },
    binding: bindingOf(claims),
    proof,
  };
  const source: TokenSource = { proof, check: (text) => (text === token ? known : undefined) };
  return createAuthenticator([accessTokens([source], createDpopCheck(now))]);
}

describe('proof of possession', () => {
  let key: SigningKey;
  let other: SigningKey;
  let jkt: string;
  let time: number;

  before(async () => {
    [key, other] = [await makeKey(), await makeKey()];
    jkt = await calculateJwkThumbprint(key.jwk);
  });
  beforeEach(() => {
    time = 1_800_000_000_000;
  });

  let number = 0;
  const prove = (claims: object = {}, header: object = {}, by = key) => {
    number += 1;
    const { kty, crv, x, y } = by.jwk;
    const all = { htm: 'GET', htu: url, iat: time / 1000, jti: `jti-${number}`, ath: ath(token), ...claims };
    return new SignJWT(all)
      .setProtectedHeader({ alg: by.alg, typ: 'dpop+jwt', jwk: { kty, crv, x, y } as JsonObject, ...header })
      .sign(by.privateKey);
  };
  const request = (proof: string | readonly string[], parts: object = {}) =>
    sampleRequest({ authorization: `DPoP ${token}`, headers: { dpop: proof }, url, ...parts });
  const bound = (proof: ProofRule = 'none') => open({ cnf: { jkt } }, proof, () => time);

  it('DPoP: lets in who shows the key, once for each request', async () => {
    const authenticator = bound();
    const proof = await prove();
    assert.equal((await authenticator.authenticate(request(proof))).name, 'bound');
    const again = await refusalOf(authenticator, request(proof));
    assert.match(reasonOf(again), /used before/);
    assert.match(again.headers['WWW-Authenticate'] ?? '', /^Bearer realm="scim", DPoP .*error="invalid_dpop_proof"$/);
    await authenticator.authenticate(request(await prove()));
  });

  it('DPoP: the URL is compared by the rules of URLs, without query', async () => {
    const authenticator = bound();
    for (const htu of ['HTTPS://SCIM.example.com:443/scim/v2/Users', `${url}?x=1#y`, `${url}/`])
      await authenticator.authenticate(request(await prove({ htu })));
  });

  for (const [title, claims, header, reason] of [
    ['of another method', { htm: 'POST' }, {}, /htm/],
    ['of another URL', { htu: 'https://scim.example.com/scim/v2/Groups' }, {}, /htu/],
    ['of another host', { htu: 'https://evil.example/scim/v2/Users' }, {}, /htu/],
    ['of the same host without TLS', { htu: 'http://scim.example.com/scim/v2/Users' }, {}, /htu/],
    ['of no URL', { htu: 'Users' }, {}, /htu/],
    ['of another token', { ath: ath('another') }, {}, /ath/],
    ['of no token', { ath: undefined }, {}, /ath/],
    ['that is old', { iat: 1_800_000_000 - 61 }, {}, /iat/],
    ['from the future', { iat: 1_800_000_000 + 61 }, {}, /iat/],
    ['without a time', { iat: undefined }, {}, /iat/],
    ['without an id', { jti: undefined }, {}, /jti/],
    ['with an id without end', { jti: 'x'.repeat(257) }, {}, /jti/],
    ['of another type', {}, { typ: 'JWT' }, /malformed/],
    ['without a key', {}, { jwk: undefined }, /malformed/],
  ] as const) {
    it(`DPoP: refuses a proof ${title}`, async () => {
      const error = await refusalOf(bound(), request(await prove(claims, header)));
      assert.equal(error.status, 401);
      assert.match(reasonOf(error), reason);
    });
  }

  it('DPoP: refuses a proof with a private key, a shared secret, or a signature of another key', async () => {
    const { d: _d, ...jwk } = other.jwk;
    const shared = { alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } };
    const unsigned = (header: object) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { htm: 'GET', htu: url, iat: time / 1000, jti: 'x', ath: ath(token) };
      return `${part({ typ: 'dpop+jwt', ...header })}.${part(claims)}.`;
    };
    for (const proof of [
      await prove({}, { jwk: { ...key.jwk, d: 'AAAA' } }),
      await prove({}, { jwk }),
      unsigned(shared),
      unsigned({ alg: 'none', jwk }),
      'nonsense',
      '',
    ])
      assert.match(reasonOf(await refusalOf(bound(), request(proof))), /malformed/);
  });

  it('DPoP: refuses a good proof of another key than the token’s', async () => {
    assert.match(reasonOf(await refusalOf(bound(), request(await prove({}, {}, other)))), /another key/);
  });

  it('DPoP: refuses no proof, and two', async () => {
    assert.match(reasonOf(await refusalOf(bound(), request([]))), /exactly one/);
    assert.match(reasonOf(await refusalOf(bound(), request([await prove(), await prove()]))), /exactly one/);
  });

  it('DPoP: a bound token that comes as a bearer token is refused, with and without a proof', async () => {
    for (const proof of [[], await prove()]) {
      const error = await refusalOf(bound(), request(proof, { authorization: `Bearer ${token}` }));
      assert.match(error.headers['WWW-Authenticate'] ?? '', /^Bearer realm="scim", error="invalid_token", DPoP/);
    }
  });

  it('DPoP: a token that is not bound is no DPoP token, and none at all where a binding is demanded', async () => {
    const free = open({}, 'none', () => time);
    assert.equal((await refusalOf(free, request(await prove()))).status, 401);
    const strict = open({}, 'dpop', () => time);
    assert.match(reasonOf(await refusalOf(strict, request(await prove()))), /bound to no DPoP key/);
    assert.deepEqual(
      strict.schemes.map(({ name }) => name),
      ['DPoP'],
    );
    const bearer = sampleRequest({ authorization: `Bearer ${token}` });
    assert.equal((await refusalOf(strict, bearer)).status, 401);
  });

  for (const cnf of [
    { kid: 'x' },
    {},
    'x',
    null,
    [],
    { jkt: 7 },
    JSON.parse('{"__proto__":{"jkt":"x"}}'),
  ] as JsonObject[]) {
    it(`a binding that is not known is refused: ${JSON.stringify(cnf)}`, async () => {
      const authenticator = open({ cnf }, 'none', () => time);
      const bearer = sampleRequest({ authorization: `Bearer ${token}` });
      assert.match(reasonOf(await refusalOf(authenticator, bearer)), /not known here/);
      assert.equal((await refusalOf(authenticator, request(await prove()))).status, 401);
    });
  }

  describe('by a certificate (RFC 8705)', () => {
    const [own, foreign] = [makeCertificate({ cn: 'own' }), makeCertificate({ cn: 'foreign' })].map(
      ({ cert }) => new X509Certificate(cert),
    );
    const x5t = createHash('sha256').update(own!.raw).digest('base64url');
    const bearer = (x509?: X509Certificate) =>
      sampleRequest({
        authorization: `Bearer ${token}`,
        ...(x509 === undefined ? {} : { certificate: { x509, trusted: false } }),
      });
    const certified = (proof: ProofRule = 'none') => open({ cnf: { 'x5t#S256': x5t } }, proof, () => time);

    it('lets in with the certificate of the token', async () => {
      assert.equal((await certified().authenticate(bearer(own))).name, 'bound');
      assert.equal((await certified('certificate').authenticate(bearer(own))).name, 'bound');
    });

    it('refuses without it, or with another one', async () => {
      assert.match(reasonOf(await refusalOf(certified(), bearer())), /none came/);
      assert.match(reasonOf(await refusalOf(certified(), bearer(foreign))), /another certificate/);
    });

    it('refuses a token that is bound to nothing where a binding is demanded', async () => {
      const authenticator = open({}, 'certificate', () => time);
      assert.match(reasonOf(await refusalOf(authenticator, bearer(own))), /bound to no certificate/);
    });
  });
});
