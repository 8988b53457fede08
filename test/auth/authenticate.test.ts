import assert from 'node:assert/strict';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { type AuthenticationMethod, accepted, type Outcome, refused } from '../../src/auth/method.ts';
import { ScimError } from '../../src/scim/error.ts';
import { interop } from '../../src/scim/profile.ts';
import { sampleRequest } from './sample-request.ts';

/** A scheme whose credentials are a word that stands for an outcome. */
function method(
  scheme: string,
  outcomes: Readonly<Record<string, Outcome | Promise<Outcome>>>,
  claimant?: (credentials: string) => string,
): AuthenticationMethod {
  return {
    advertised: [],
    schemes: scheme === '' ? [] : [scheme],
    challenges: (_request, refusal) => [`${scheme} fault="${refusal?.fault ?? ''}"`],
    ...(claimant === undefined ? {} : { claimant }),
    authenticate: ({ credentials }) => outcomes[credentials] ?? refused('unknown word'),
  };
}

const named = (name: string) => accepted({ name, profile: interop });
const backOff = { failures: 3, maxSeconds: 8, forgetSeconds: 100 };

async function refusal(promise: Promise<unknown>): Promise<ScimError> {
  const error = await promise.then(
    () => assert.fail('was let in'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScimError, String(error));
  return error;
}

describe('authenticate', () => {
  it('asks every method of the scheme, and those without a header only where there is none', async () => {
    const { authenticate } = createAuthenticator([
      method('bearer', { a: named('first') }),
      method('bearer', { b: named('second') }),
      method('', { '': named('certificate') }),
    ]);
    const as = async (authorization?: string) => (await authenticate(sampleRequest({ authorization }))).name;
    assert.deepEqual([await as('Bearer a'), await as('BEARER b'), await as()], ['first', 'second', 'certificate']);
    assert.equal((await refusal(as('Other a'))).status, 401);
    assert.equal((await refusal(as('Bearer c'))).status, 401);
  });

  it('P10 challenges for each scheme once, with a fault only for the scheme that came', async () => {
    const { authenticate } = createAuthenticator([
      method('bearer', {}),
      method('bearer', { old: refused('expired', 'invalid') }),
      method('basic', {}),
    ]);
    const challenge = async (authorization?: string) =>
      (await refusal(authenticate(sampleRequest({ authorization })))).headers['WWW-Authenticate'];
    assert.equal(await challenge(), 'bearer fault="", basic fault=""');
    assert.equal(await challenge('Bearer x'), 'bearer fault="unknown", basic fault=""');
    assert.equal(await challenge('Bearer old'), 'bearer fault="invalid", basic fault=""');
  });

  it('tells the log why, and the client nothing', async () => {
    const { authenticate } = createAuthenticator([method('bearer', { old: refused('it expired in May', 'invalid') })]);
    const [unknown, known] = [
      await refusal(authenticate(sampleRequest({ authorization: 'Bearer x' }))),
      await refusal(authenticate(sampleRequest({ authorization: 'Bearer old' }))),
    ];
    assert.equal(unknown.detail, known.detail);
    assert.equal((known.cause as Error).message, 'it expired in May');
  });

  it('403 for good credentials that are not enough, 503 where nobody can tell', async () => {
    const { authenticate } = createAuthenticator([
      method('bearer', {
        few: refused('no scope', 'insufficient'),
        far: { kind: 'unavailable', reason: 'https://issuer is down' },
      }),
    ]);
    assert.equal((await refusal(authenticate(sampleRequest({ authorization: 'Bearer few' })))).status, 403);
    const down = await refusal(authenticate(sampleRequest({ authorization: 'Bearer far' })));
    assert.deepEqual([down.status, down.headers['Retry-After']], [503, '10']);
    assert.doesNotMatch(down.detail, /issuer/);
  });

  it('429 after too many wrong credentials of an address, before they are looked at', async () => {
    let looked = 0;
    const counting: AuthenticationMethod = {
      ...method('bearer', {}),
      authenticate: ({ credentials }) => {
        looked += 1;
        return credentials === 'right' ? named('a') : refused('wrong');
      },
    };
    let time = 0;
    const { authenticate } = createAuthenticator([counting], { backOff, now: () => time });
    const status = (authorization: string) =>
      refusal(authenticate(sampleRequest({ authorization }))).then(({ status, headers }) => [
        status,
        headers['Retry-After'],
      ]);
    for (let tries = 0; tries < 3; tries += 1) assert.deepEqual(await status(`Bearer ${tries}`), [401, undefined]);
    assert.deepEqual(await status('Bearer right'), [429, '1']);
    assert.equal(looked, 3);
    time = 1001;
    await authenticate(sampleRequest({ authorization: 'Bearer right' }));
    await authenticate(sampleRequest({ authorization: 'Bearer right', address: '192.0.2.2' }));
  });

  it('requests without credentials, and genuine tokens that have expired, are no guesses', async () => {
    const { authenticate } = createAuthenticator([method('bearer', { old: refused('expired', 'invalid') })], {
      backOff,
    });
    for (let tries = 0; tries < 20; tries += 1) {
      assert.equal((await refusal(authenticate(sampleRequest()))).status, 401);
      assert.equal((await refusal(authenticate(sampleRequest({ authorization: 'Bearer old' })))).status, 401);
    }
  });

  it('many guesses at once learn no more than few: the right one among them is not let in', async () => {
    const settle: (() => void)[] = [];
    const slow: AuthenticationMethod = {
      ...method('basic', {}, () => 'ada'),
      authenticate: ({ credentials }) =>
        new Promise((resolve) => {
          settle.push(() => resolve(credentials === '99' ? named('ada') : refused('wrong password')));
        }),
    };
    const { authenticate } = createAuthenticator([slow], { backOff });
    const guesses = Array.from({ length: 100 }, (_, n) =>
      authenticate(sampleRequest({ authorization: `Basic ${n}`, address: `192.0.2.${n}` })),
    );
    const results = guesses.map((guess) => refusal(guess));
    for (const next of settle) next();
    const statuses = (await Promise.all(results)).map(({ status }) => status);
    assert.equal(statuses[99], 429);
  });
});
