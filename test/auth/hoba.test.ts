import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { hoba, originOf, parseHobaKey, toSign } from '../../src/auth/hoba.ts';
import { interop } from '../../src/scim/profile.ts';
import { reasonOf, refusalOf } from './refusal.ts';
import { sampleRequest } from './sample-request.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const secret = Buffer.alloc(32, 7);

describe('HOBA (RFC 7486)', () => {
  const [own, other] = [rsa(2048), rsa(2048)];
  let time: number;

  beforeEach(() => {
    time = 1_800_000_000_000;
  });

  const open = (code = secret) => {
    const method = { keyId: 'own-key', publicKey: own.publicKey };
    return createAuthenticator([hoba([{ name: 'signer', profile: interop, method }], code, () => time)]);
  };

  interface Wish {
    readonly challenge: string;
    readonly origin?: string;
    readonly realm?: string;
    readonly kid?: string;
    readonly alg?: string;
    readonly key?: KeyObject;
    readonly hash?: string;
  }
  const answer = (wish: Wish) => {
    const { challenge, origin = 'https://scim.example.com:443', realm = 'scim', kid = 'own-key', alg = '0' } = wish;
    const nonce = 'bm9uY2U';
    const text = [nonce, alg, origin, realm, kid, challenge].map((each) => `${each.length}:${each}`).join('');
    const signature = sign(wish.hash ?? 'sha256', Buffer.from(text), wish.key ?? own.privateKey).toString('base64url');
    return sampleRequest({ authorization: `HOBA result="${kid}.${challenge}.${nonce}.${signature}"` });
  };
  const challengeOf = async (authenticator = open()) => {
    const header = (await refusalOf(authenticator, sampleRequest())).headers['WWW-Authenticate'] ?? '';
    const [, challenge = ''] = /^HOBA max-age="60", challenge="([A-Za-z0-9_-]+)", realm="scim"$/.exec(header) ?? [];
    assert.notEqual(challenge, '', header);
    return challenge;
  };

  it('lets in who signs a challenge with the registered key, as long as it holds', async () => {
    const challenge = await challengeOf();
    assert.equal((await open().authenticate(answer({ challenge }))).name, 'signer');
    time += 60_000;
    await open().authenticate(answer({ challenge }));
    time += 1;
    assert.match(reasonOf(await refusalOf(open(), answer({ challenge }))), /too old/);
  });

  it('every challenge is another one', async () => {
    assert.notEqual(await challengeOf(), await challengeOf());
  });

  for (const [title, wish] of [
    ['another key', { key: other.privateKey }],
    ['another origin', { origin: 'https://evil.example:443' }],
    ['the origin without its port', { origin: 'https://scim.example.com' }],
    ['the origin without TLS', { origin: 'http://scim.example.com:80' }],
    ['another realm', { realm: 'other' }],
    ['another algorithm', { alg: '1' }],
    ['SHA-1', { hash: 'sha1' }],
    ['a key that is not registered', { kid: 'other-key', key: other.privateKey }],
    ['the registered key under another name', { kid: 'other-key' }],
  ] as readonly (readonly [string, Partial<Wish>])[]) {
    it(`refuses a signature with ${title}, in the same words as any other`, async () => {
      const authenticator = open();
      const error = await refusalOf(authenticator, answer({ challenge: await challengeOf(), ...wish }));
      const none = await refusalOf(authenticator, sampleRequest());
      assert.deepEqual([error.status, error.detail], [none.status, none.detail]);
    });
  }

  it('refuses a challenge of the client, of another gateway, from the future, and one that was changed', async () => {
    const foreign = await challengeOf(open(Buffer.alloc(32, 8)));
    const octets = Buffer.from(await challengeOf(), 'base64url');
    octets.writeBigUInt64BE(BigInt(time + 1000));
    for (const challenge of ['b3du', foreign, octets.toString('base64url')])
      assert.match(reasonOf(await refusalOf(open(), answer({ challenge }))), /none of this gateway/);
    time += 5000;
    const late = await challengeOf();
    time -= 5000;
    assert.match(reasonOf(await refusalOf(open(), answer({ challenge: late }))), /too old/);
  });

  for (const text of [
    '',
    'result=""',
    'result="a.b.c"',
    'result="a.b.c.d.e"',
    'result="a..c.d"',
    'result=a.b.c.d',
    'result="a b.c.d.e"',
    `result="${'a'.repeat(5000)}.b.c.d"`,
    'Result="own-key.b.c.d", x="y"',
  ]) {
    it(`refuses ${text.slice(0, 40) || 'nothing'}`, async () => {
      assert.equal((await refusalOf(open(), sampleRequest({ authorization: `HOBA ${text}` }))).status, 401);
    });
  }

  it('lengths keep the fields apart', () => {
    assert.notDeepEqual(toSign(['ab', 'c']), toSign(['a', 'bc']));
    assert.equal(String(toSign(['é', ''])), '2:é0:');
  });

  for (const [url, origin] of [
    ['https://scim.example.com/scim/v2', 'https://scim.example.com:443'],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080'],
    ['http://[::1]/x', 'http://[::1]:80'],
  ] as const) {
    it(`origin of ${url}`, () => {
      assert.equal(originOf(url), origin);
    });
  }

  it('takes RSA keys of 2,048 bits and more, and no others', () => {
    const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
    assert.ok(parseHobaKey(pem(own.publicKey)));
    assert.equal(parseHobaKey(pem(rsa(1024).publicKey)), undefined);
    assert.equal(parseHobaKey(pem(generateKeyPairSync('ed25519').publicKey)), undefined);
    assert.equal(parseHobaKey('nonsense'), undefined);
  });
});
