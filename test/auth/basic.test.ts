import assert from 'node:assert/strict';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { type BasicCredential, basic } from '../../src/auth/basic.ts';
import { fillDn, fillFilter, namesUser, type PasswordDirectory } from '../../src/auth/directory-password.ts';
import { hashPassword, isPassword, parsePasswordHash, printPasswordHash } from '../../src/auth/password-hash.ts';
import { parseDn } from '../../src/ldap/dn.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import { interop } from '../../src/scim/profile.ts';
import { noDirectory } from './no-directory.ts';
import { reasonOf, refusalOf } from './refusal.ts';
import { sampleRequest } from './sample-request.ts';

const encode = (pair: string | Buffer) => `Basic ${Buffer.from(pair).toString('base64')}`;
const asUser = (pair: string | Buffer, address = '192.0.2.1') =>
  sampleRequest({ authorization: encode(pair), address });
const patient = { failures: 100_000, maxSeconds: 1, forgetSeconds: 1 };

describe('passwords of the gateway file', () => {
  let credentials: readonly BasicCredential[];

  before(async () => {
    const of = async (user: string, password: string): Promise<BasicCredential> => ({
      name: `the-${user}`,
      profile: interop,
      method: { source: 'file', user, passwordHash: await hashPassword(password) },
    });
    credentials = [await of('ada', 'correct horse: battery'), await of('bob', 'pässwörd-of-bob')];
  });

  const open = (backOff = patient) => createAuthenticator([basic(credentials, noDirectory)], { backOff });

  for (const [pair, name] of [
    ['ada:correct horse: battery', 'the-ada'],
    ['bob:pässwörd-of-bob', 'the-bob'],
    ['bob:pässwörd-of-bob'.normalize('NFD'), 'the-bob'],
  ] as const) {
    it(`lets in ${pair}`, async () => {
      assert.equal((await open().authenticate(asUser(pair))).name, name);
    });
  }

  for (const pair of [
    'ada:correct horse: batterx',
    'ada:correct horse',
    'ada:pässwörd-of-bob',
    'Ada:correct horse: battery',
    'ada :correct horse: battery',
    'carol:correct horse: battery',
    'ada:',
    ':correct horse: battery',
    'ada',
    '',
    ':',
    'ada:correct horse: battery\0',
    'ada\n:correct horse: battery',
    Buffer.from([0x61, 0x3a, 0xff, 0xfe]),
    `ada:${'x'.repeat(5000)}`,
  ]) {
    it(`refuses ${JSON.stringify(pair).slice(0, 60)}, always in the same words`, async () => {
      const [error, none] = [await refusalOf(open(), asUser(pair)), await refusalOf(open(), sampleRequest())];
      assert.deepEqual([error.status, error.detail, error.headers], [none.status, none.detail, none.headers]);
      assert.equal(error.headers['WWW-Authenticate'], 'Basic realm="scim", charset="UTF-8"');
    });
  }

  it('takes the same time for users that are there and that are not', async () => {
    const time = async (pair: string) => {
      const start = performance.now();
      await refusalOf(open(), asUser(pair));
      return performance.now() - start;
    };
    const least = async (pair: string) => Math.min(await time(pair), await time(pair), await time(pair));
    const [known, unknown] = [await least('ada:wrong wrong wrong'), await least('nobody:wrong wrong wrong')];
    assert.ok(unknown > known / 3 && known > unknown / 3, `${known} ms and ${unknown} ms`);
  });

  it('makes an account wait however its name is spelled and wherever it is tried from', async () => {
    const authenticator = open({ failures: 3, maxSeconds: 8, forgetSeconds: 100 });
    const statuses: number[] = [];
    for (const [n, user] of ['ada', 'ADA', ' ada', 'ａｄａ', 'ada'].entries())
      statuses.push((await refusalOf(authenticator, asUser(`${user}:wrong-${n}`, `192.0.2.${n}`))).status);
    assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
    await authenticator.authenticate(asUser('bob:pässwörd-of-bob', '192.0.2.99'));
  });
});

describe('password hashes', () => {
  it('print and parse, and know their password', async () => {
    const hash = await hashPassword('secret password');
    const text = printPasswordHash(hash);
    assert.match(text, /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    const parsed = parsePasswordHash(text)!;
    assert.deepEqual(parsed, hash);
    assert.equal(await isPassword('secret password', parsed), true);
    assert.equal(await isPassword('secret passwore', parsed), false);
    assert.notEqual(printPasswordHash(await hashPassword('secret password')), text, 'each has a salt of its own');
  });

  const tail = `$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  for (const text of [
    '',
    'secret',
    `$scrypt$ln=1,r=8,p=1${tail}`,
    `$scrypt$ln=30,r=8,p=1${tail}`,
    `$scrypt$ln=15,r=1,p=1${tail}`,
    `$scrypt$ln=15,r=8,p=0${tail}`,
    `$scrypt$ln=15,r=8,p=99${tail}`,
    '$scrypt$ln=15,r=8,p=1$AAAA$AAAA',
    `$2b$10$${'A'.repeat(53)}`,
  ])
    it(`refuse ${text || 'an empty text'}`, () => {
      assert.equal(parsePasswordHash(text), undefined);
    });
});

const attacks = [
  '*',
  'ada)(objectClass=*',
  'ada)(|(uid=*',
  '*)(uid=*))(|(uid=*',
  'ada,ou=admins',
  'ada+cn=admin',
  'ada\\2cou=admins',
  'ada,dc=evil,dc=com',
  '#04036164',
  ' ada',
  'ada ',
  '"ada"',
  'ada;x',
  '<ada>',
  'a=b',
  '{user}',
  '\\',
  'x\\',
  '../admin',
  '$&',
];

describe('what a user types', () => {
  for (const user of attacks) {
    it(`is one value in a DN: ${user}`, () => {
      const dn = parseDn(fillDn('uid={user},ou=people,dc=example,dc=com', user));
      assert.equal(dn.length, 4);
      assert.deepEqual(dn[0], [{ type: 'uid', value: user }]);
      assert.deepEqual(dn.slice(1), parseDn('ou=people,dc=example,dc=com'));
    });

    it(`is one value in a filter: ${user}`, () => {
      const filter = fillFilter(parseLdapFilter('(&(objectClass=person)(uid={user}))'), user);
      assert.deepEqual(filter, {
        kind: 'and',
        filters: [
          { kind: 'equality', attribute: 'objectClass', value: 'person' },
          { kind: 'equality', attribute: 'uid', value: user },
        ],
      });
      assert.deepEqual(parseLdapFilter(printLdapFilter(filter)), filter);
    });
  }

  it('must have a place', () => {
    assert.equal(namesUser({ kind: 'template', dn: 'uid={user},dc=x' }), true);
    assert.equal(namesUser({ kind: 'template', dn: 'uid=user,dc=x' }), false);
    const search = (filter: string) =>
      ({ kind: 'search', base: '', scope: 'one', filter: parseLdapFilter(filter) }) as const;
    assert.equal(namesUser(search('(uid={user})')), true);
    assert.equal(namesUser(search('(uid=*)')), false);
    assert.equal(namesUser(search('(uid={user}*)')), false);
  });
});

describe('passwords of the directory', () => {
  const entries = new Map([['ada', 'the password of ada']]);
  let bound: string[] = [];
  let found: readonly string[] = [];
  const directory: PasswordDirectory = {
    find: () => Promise.resolve(found),
    bind: (dn, password) => {
      bound.push(dn);
      return Promise.resolve(password === entries.get(/^uid=([^,]*)/.exec(dn)?.[1] ?? ''));
    },
    identify: (dn) => Promise.resolve(dn.startsWith('uid=ada') ? { type: 'User', id: '7' } : undefined),
  };
  const template = { kind: 'template', dn: 'uid={user},ou=people' } as const;
  const search = {
    kind: 'search',
    base: 'ou=people',
    scope: 'subtree',
    filter: parseLdapFilter('(uid={user})'),
  } as const;
  let time = 1_800_000_000_000;
  const open = (entry: typeof template | typeof search = template, port = directory) =>
    createAuthenticator(
      [basic([{ name: 'staff', profile: interop, method: { source: 'directory', entry } }], port, () => time)],
      { backOff: patient },
    );

  beforeEach(() => {
    bound = [];
    found = ['uid=ada,ou=people'];
  });

  it('let in, and tie the caller to its resource', async () => {
    const { name, caller, resource, claims } = await open().authenticate(asUser('ada:the password of ada'));
    assert.deepEqual([name, caller, resource], ['staff', 'ada', { type: 'User', id: '7' }]);
    assert.deepEqual(claims, { dn: 'uid=ada,ou=people' });
  });

  for (const [title, dns, status] of [
    ['the one entry', ['uid=ada,ou=people'], 200],
    ['no entry', [], 401],
    ['two entries', ['uid=ada,ou=people', 'uid=ada,ou=old,ou=people'], 401],
  ] as const) {
    it(`by a search that finds ${title}: ${status}`, async () => {
      found = dns;
      const answer = open(search).authenticate(asUser('ada:the password of ada'));
      if (status === 200) await answer;
      else await assert.rejects(answer, { status });
      assert.equal(bound.length, status === 200 ? 1 : 0);
    });
  }

  it('an empty password never reaches the directory', async () => {
    await refusalOf(open(), asUser('ada:'));
    assert.deepEqual(bound, []);
  });

  it('what was right is known for a minute, what was wrong is not', async () => {
    const authenticator = open();
    for (let times = 0; times < 3; times += 1) await authenticator.authenticate(asUser('ada:the password of ada'));
    assert.equal(bound.length, 1);
    time += 60_001;
    await authenticator.authenticate(asUser('ada:the password of ada'));
    assert.equal(bound.length, 2);
    for (let times = 0; times < 3; times += 1) await refusalOf(authenticator, asUser('ada:wrong'));
    assert.equal(bound.length, 5);
  });

  it('503 where the directory does not answer', async () => {
    const bind = () => Promise.reject(new Error('ldap://10.0.0.1: refused'));
    const error = await refusalOf(open(template, { ...directory, bind }), asUser('ada:secret secret'));
    assert.equal(error.status, 503);
    assert.match(reasonOf(error), /ldap:\/\/10\.0\.0\.1/);
    assert.doesNotMatch(`${reasonOf(error)} ${error.detail}`, /secret/);
  });
});
