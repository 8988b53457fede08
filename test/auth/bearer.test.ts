import assert from 'node:assert/strict';
import { accessTokens } from '../../src/auth/access-token.ts';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { bearer, hashToken, parseTokenHash, printTokenHash, staticTokens } from '../../src/auth/bearer.ts';
import { ScimError } from '../../src/scim/error.ts';
import { clientProfiles, interop } from '../../src/scim/profile.ts';
import { sampleRequest } from './sample-request.ts';

const entra = clientProfiles.get('entra') ?? interop;
const tokens = { first: 'first-token-with-enough-length', second: 'second.token~with+other/characters==' };

const authenticator = createAuthenticator(
  [
    bearer([
      { tokenHash: hashToken(tokens.first), principal: { name: 'first', profile: interop } },
      { tokenHash: hashToken(tokens.second), principal: { name: 'second', profile: entra } },
    ]),
  ],
  { backOff: { failures: 1000, maxSeconds: 1, forgetSeconds: 1 } },
);

const authenticate = (authorization: string | undefined) =>
  authenticator.authenticate(sampleRequest({ authorization }));

async function refusal(authorization: string | undefined): Promise<ScimError> {
  try {
    await authenticate(authorization);
  } catch (error) {
    assert.ok(error instanceof ScimError);
    return error;
  }
  return assert.fail('was let in');
}

describe('bearer tokens', () => {
  for (const [title, header, expected] of [
    ['the first credential', `Bearer ${tokens.first}`, 'first'],
    ['the second credential', `Bearer ${tokens.second}`, 'second'],
    ['the scheme in any case', `bEARER ${tokens.first}`, 'first'],
    ['white space around', ` Bearer   ${tokens.first}  `, 'first'],
    ['a tab after the scheme', `Bearer\t${tokens.first}`, 'first'],
  ] as const) {
    it(`accepts ${title}`, async () => {
      assert.equal((await authenticate(header)).name, expected);
    });
  }

  it('gives each credential its own profile', async () => {
    assert.equal((await authenticate(`Bearer ${tokens.second}`)).profile, entra);
  });

  for (const [title, header] of [
    ['an unknown token', 'Bearer nobody-has-this-token-at-all'],
    ['a token with one more character', `Bearer ${tokens.first}x`],
    ['a token cut short', `Bearer ${tokens.first.slice(0, -1)}`],
    ['a token in other case', `Bearer ${tokens.first.toUpperCase()}`],
    ['the hash in place of the token', `Bearer ${printTokenHash(hashToken(tokens.first))}`],
    ['an empty token', 'Bearer '],
    ['two tokens', `Bearer ${tokens.first} ${tokens.second}`],
    ['characters that no token has', 'Bearer tökën'],
    // The test's own time limit is what holds it: with a pattern that backtracks this takes hours.
    ['white space without end', `Bearer ${`x${' '.repeat(2_000_000)}`.repeat(2)}x`],
  ] as const) {
    it(`refuses ${title}, always in the same words`, async () => {
      const error = await refusal(header);
      assert.equal(error.status, 401);
      assert.equal(error.detail, (await refusal(undefined)).detail);
      assert.deepEqual(error.headers, { 'WWW-Authenticate': 'Bearer realm="scim", error="invalid_token"' });
    });
  }

  for (const header of [undefined, '', 'Basic Zmlyc3Q6c2Vjb25k', tokens.first]) {
    it(`P10 challenges without an error code where no bearer token came: ${header}`, async () => {
      assert.deepEqual((await refusal(header)).headers, { 'WWW-Authenticate': 'Bearer realm="scim"' });
    });
  }

  it('advertises a type of RFC 7643 s5', () => {
    assert.deepEqual(
      authenticator.schemes.map(({ type }) => type),
      ['oauthbearertoken'],
    );
  });
});

describe('tokens with a time', () => {
  const [from, until] = [Date.UTC(2027, 0, 1), Date.UTC(2027, 1, 1)];
  const principal = { name: 'rotating', profile: interop };
  for (const [title, at, expected] of [
    ['only the old one before the new one begins', from - 1, [200, 401]],
    ['both while they overlap', from, [200, 200]],
    ['both up to the last millisecond', until - 1, [200, 200]],
    ['only the new one after the old one has ended', until, [401, 200]],
  ] as const) {
    it(`${title}`, async () => {
      const source = staticTokens(
        [
          { tokenHash: hashToken(tokens.first), notAfter: until, principal },
          { tokenHash: hashToken(tokens.second), notBefore: from, principal },
        ],
        () => at,
      );
      const timed = createAuthenticator([accessTokens([source])]);
      const statuses = Object.values(tokens).map((token) =>
        timed.authenticate(sampleRequest({ authorization: `Bearer ${token}` })).then(
          () => 200,
          (error: unknown) => (error as ScimError).status,
        ),
      );
      assert.deepEqual(await Promise.all(statuses), expected);
    });
  }
});

describe('token hashes', () => {
  it('print and parse', () => {
    const hash = hashToken('abc');
    const text = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(printTokenHash(hash), text);
    assert.deepEqual(parseTokenHash(`${text}\n`), hash);
    assert.deepEqual(parseTokenHash(text.replace(/[a-f]/g, (letter) => letter.toUpperCase())), hash);
  });

  for (const text of ['', 'abc', 'sha256:abc', `sha512:${'0'.repeat(64)}`, `sha256:${'g'.repeat(64)}`]) {
    it(`refuse ${JSON.stringify(text)}`, () => {
      assert.equal(parseTokenHash(text), undefined);
    });
  }
});
