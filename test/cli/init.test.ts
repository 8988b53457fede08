import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Output } from '../../src/cli/command.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { sampleLdif } from '../../src/ldap/embedded/sample-data.ts';
import { captureCli } from './capture-cli.ts';

const suffix = 'dc=acme,dc=test';

describe('scim-ldap init', () => {
  let directory: EmbeddedDirectory;
  let url: string;
  let folder: string;

  before(async () => {
    directory = createEmbeddedDirectory({ suffix });
    directory.load(sampleLdif({ suffix, users: 30, groups: 4, biggestGroup: 10, auxiliary: false }));
    ({ url } = await directory.listen());
  });
  after(() => directory.close());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-init-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string): string => path.join(folder, name);
  const account = (): string[] => {
    const { dn, password } = directory.administrator;
    writeFileSync(file('password'), `${password}\n`);
    return ['--bind-dn', dn, '--password-file', file('password')];
  };

  it('of a directory that the shipped mapping fits says little', async () => {
    const { code, stdout, stderr } = await captureCli('init', url, '--yes', ...account(), '--out', folder);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^[A-Za-z0-9_-]{43}$/);
    const gateway = readFileSync(file('gateway.yaml'), 'utf8');
    assert.doesNotMatch(gateway, new RegExp(stdout), 'the token itself is in the file');
    assert.doesNotMatch(gateway, new RegExp(directory.administrator.password));
    const mapping = readFileSync(file('mapping.yaml'), 'utf8');
    assert.match(mapping, /^extends: scim-ldap\/openldap\/inet-org-person\.yaml$/m);
    assert.match(mapping, /^ {2}people: "ou=people,dc=acme,dc=test"$/m);
    assert.doesNotMatch(mapping, /objectClasses|filter|rdn|members|userName/);
    assert.ok(!existsSync(file('counters.ldif')));
    const check = await captureCli('check', '--live', '--config', file('gateway.yaml'));
    assert.equal(check.code, 0, check.stdout);
    assert.match(stderr, /^ {2}- people: 30 below ou=people,dc=acme,dc=test$/m);
  });

  it('asks where somebody can answer, and takes the answers', async () => {
    const asked: string[] = [];
    const { dn, password } = directory.administrator;
    const answers = new Map([
      ['Account of the gateway (DN; empty for anonymous)', dn],
      ['Its password', password],
      ['Where people are', suffix],
    ]);
    const output: Output = {
      print: () => undefined,
      say: () => undefined,
      ask: (question, fallback) => {
        asked.push(`${question} [${fallback ?? 'hidden'}]`);
        return Promise.resolve(answers.get(question) ?? fallback ?? '');
      },
    };
    assert.equal(await runCli(['init', url, '--out', folder], output), 0);
    assert.deepEqual(asked, [
      'Account of the gateway (DN; empty for anonymous) []',
      'Its password [hidden]',
      `Where people are [ou=people,${suffix}]`,
      `Where groups are [ou=groups,${suffix}]`,
    ]);
    assert.match(readFileSync(file('mapping.yaml'), 'utf8'), /^ {2}people: "dc=acme,dc=test"$/m);
    assert.match(readFileSync(file('gateway.yaml'), 'utf8'), /passwordEnv: "LDAP_PASSWORD"/);
  });

  it('of a wrong password says so, and writes nothing', async () => {
    const flags = account();
    writeFileSync(file('password'), 'wrong');
    const { code, stderr } = await captureCli('init', url, '--yes', ...flags, '--out', folder);
    assert.equal(code, 1);
    assert.match(stderr, /^scim-ldap: The directory cannot be used: invalidCredentials \(49\): bind to ldap:/m);
    assert.ok(!existsSync(file('mapping.yaml')));
  });

  it('of a directory without people says what it has guessed', async () => {
    const flags = [...account(), '--base', `ou=groups,${suffix}`];
    const { stderr } = await captureCli('init', url, '--yes', ...flags, '--out', folder);
    assert.match(stderr, /^ {2}- No people were found below ou=groups,dc=acme,dc=test; .* is a guess\./m);
  });

  it('writes over what is there when told to', async () => {
    writeFileSync(file('mapping.yaml'), 'old');
    const flags = ['init', url, '--yes', ...account(), '--out', folder];
    const refused = await captureCli(...flags);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /mapping\.yaml is there already\. Say --force to write over, or --out and another folder\.$/,
    );
    assert.equal(readFileSync(file('mapping.yaml'), 'utf8'), 'old');
    assert.equal((await captureCli(...flags, '--force')).code, 0);
    assert.notEqual(readFileSync(file('mapping.yaml'), 'utf8'), 'old');
  });

  for (const [args, message] of [
    [[], 'init needs the URL of a directory, such as ldaps://ldap.example.com'],
    [
      ['ldap.example.com'],
      'init needs the URL of a directory, such as ldaps://ldap.example.com, not "ldap.example.com"',
    ],
    [['ldap://127.0.0.1:1', '--bind-dn', 'cn=a'], '--bind-dn needs --password-file, where nobody can be asked'],
    [['ldap://127.0.0.1:1', '--password-file', 'x'], '--password-file needs --bind-dn'],
  ] as const) {
    it(`init ${args.join(' ')} -> 2, ${message}`, async () => {
      const { code, stderr } = await captureCli('init', ...args, '--out', folder);
      assert.deepEqual([code, stderr.split('\n')[0]], [2, `scim-ldap: ${message}`]);
    });
  }
});
