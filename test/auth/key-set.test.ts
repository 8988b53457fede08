import assert from 'node:assert/strict';
import { errors } from 'jose';
import { createRemoteKeySet, KeysUnavailableError } from '../../src/auth/key-set.ts';
import { type Issuer, makeKey, type SigningKey, startIssuer } from './issuer.ts';

describe('the keys of an issuer', () => {
  let issuer: Issuer;
  let time: number;

  beforeEach(async () => {
    issuer = await startIssuer();
    time = 1_000_000_000;
  });
  afterEach(() => issuer.stop());

  const open = () => {
    const keySet = createRemoteKeySet(issuer.jwksUrl, { keepSeconds: 3600, now: () => time });
    const token = { payload: '', signature: '' };
    return async (key: SigningKey) => await keySet({ alg: key.alg, kid: key.kid }, token);
  };
  const read = () => issuer.requests.length;

  it('are read once for many tokens at the same time', async () => {
    const find = open();
    await Promise.all(Array.from({ length: 20 }, () => find(issuer.keys[0]!)));
    assert.equal(read(), 1);
  });

  it('are read again where a token names another one: rotation', async () => {
    const find = open();
    await find(issuer.keys[0]!);
    const next = await makeKey();
    issuer.keys = [issuer.keys[0]!, next];
    time += 11_000;
    await find(next);
    assert.equal(read(), 2);
  });

  it('made-up keys do not make the gateway flood the issuer', async () => {
    const find = open();
    await find(issuer.keys[0]!);
    time += 11_000;
    for (let tries = 0; tries < 30; tries += 1) {
      await assert.rejects(find(await makeKey('ES256', `made up ${tries}`)), errors.JWKSNoMatchingKey);
    }
    assert.equal(read(), 2);
    time += 11_000;
    await assert.rejects(find(await makeKey()), errors.JWKSNoMatchingKey);
    assert.equal(read(), 3);
  });

  it('a key that the issuer has withdrawn ends with the next reading', async () => {
    const find = open();
    const [old] = issuer.keys;
    await find(old!);
    issuer.keys = [await makeKey()];
    time += 601_000;
    await find(old!).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await assert.rejects(find(old!), errors.JWKSNoMatchingKey);
  });

  it('an issuer that is down from the beginning is told, and tried again after a while', async () => {
    const find = open();
    issuer.broken = (response) => response.writeHead(503).end();
    await assert.rejects(find(issuer.keys[0]!), (error: unknown) => {
      assert.ok(error instanceof KeysUnavailableError);
      assert.equal(
        error.message,
        `the keys of the issuer cannot be read: ${issuer.jwksUrl}: the answer has status 503`,
      );
      return true;
    });
    await assert.rejects(find(issuer.keys[0]!), KeysUnavailableError);
    assert.equal(read(), 1, 'not at every token');
    delete issuer.broken;
    time += 10_001;
    await find(issuer.keys[0]!);
  });

  it('an issuer that is down later: the last keys serve on, for a bounded time', async () => {
    const find = open();
    await find(issuer.keys[0]!);
    issuer.broken = (response) => response.destroy();
    time += 3_599_000;
    await find(issuer.keys[0]!);
    time += 20_000;
    await assert.rejects(find(issuer.keys[0]!), KeysUnavailableError);
    delete issuer.broken;
    time += 10_001;
    await find(issuer.keys[0]!);
  });

  it('a key that is not known while the issuer is down: nobody can tell', async () => {
    const find = open();
    await find(issuer.keys[0]!);
    issuer.broken = (response) => response.destroy();
    time += 11_000;
    await assert.rejects(find(await makeKey()), KeysUnavailableError);
  });

  for (const [title, broken, reason] of [
    ['no JSON', (response) => response.end('<html>secret</html>'), 'the answer is no JSON'],
    ['no key set', (response) => response.end('{"keys":{}}'), 'the answer is no key set'],
    ['a redirect', (response) => response.writeHead(302, { Location: '/elsewhere' }).end(), 'redirect'],
    ['an answer without end', (response) => response.end(' '.repeat(1_100_000)), 'the answer is too long'],
    ['a cut connection', (response) => response.destroy(), 'closed'],
  ] as readonly (readonly [string, NonNullable<Issuer['broken']>, string])[]) {
    it(`tells what is wrong: ${title}`, async () => {
      const find = open();
      issuer.broken = broken;
      await assert.rejects(find(issuer.keys[0]!), (error: Error) => {
        assert.match(error.message, new RegExp(reason));
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
      assert.equal(read(), 1);
    });
  }
});
