import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { captureCli } from './capture-cli.ts';

const files = path.relative('', fileURLToPath(new URL('explain', import.meta.url)));
const mapping = ['--mapping', `${files}/mapping.yaml`];
const ldif = ['--ldif', `${files}/people.ldif`];
const bjensen = '1b0f8f5e-7e0f-4f0c-9d65-0e3b4f1d9a01';
const update = process.env['UPDATE_GOLDEN'] !== undefined;

/** What it prints is what was looked at when the file was kept; UPDATE_GOLDEN=1 keeps it anew. */
function assertGolden(name: string, text: string): void {
  const file = `${files}/${name}`;
  if (update || !existsSync(file)) writeFileSync(file, `${text}\n`);
  assert.equal(`${text}\n`, readFileSync(file, 'utf8'));
}

describe('scim-ldap explain', () => {
  for (const [name, args] of [
    [
      'search.txt',
      ['GET', '/Users?filter=userName eq "bjensen" and not (title pr)&attributes=userName,groups', ...mapping],
    ],
    ['create.txt', ['POST', '/Users', '--body', `${files}/create.json`, ...mapping]],
    ['create.json.txt', ['POST', '/Users', '--body', `${files}/create.json`, '--format', 'json', ...mapping]],
    ['delete.txt', ['DELETE', `/scim/v2/Users/${bjensen}`, ...mapping]],
    [
      'delete-in-active-directory.txt',
      ['DELETE', `/Users/${bjensen}`, '--mapping', 'scim-ldap/active-directory/sam-account-name.yaml'],
    ],
    ['read-from-ldif.txt', ['GET', `/Users/${bjensen}?attributes=emails,groups`, ...mapping, ...ldif]],
    ['group-from-ldif.txt', ['--entry', 'cn=guides,ou=groups,dc=acme,dc=test', ...mapping, ...ldif]],
    ['entry.txt', ['--entry', 'uid=bjensen,ou=staff,dc=acme,dc=test', ...mapping, ...ldif]],
    ['entry.json.txt', ['--entry', bjensen, '--format', 'json', ...mapping, ...ldif]],
    [
      'filter.txt',
      ['--filter', `emails[type eq "work" and value ew "@acme.test"] or groups.value eq "${bjensen}"`, ...mapping],
    ],
    ['filter.json.txt', ['--filter', 'displayName sw "g"', '--type', 'group', '--format', 'json', ...mapping]],
    ['filter-of-nobody.txt', ['--filter', 'locale eq "nb-NO"', ...mapping]],
  ] as const) {
    it(`${args.slice(0, 2).join(' ')}: ${name}`, async () => {
      const { code, stdout, stderr } = await captureCli('explain', ...args);
      assert.deepEqual([code, stderr], [0, '']);
      assert.doesNotMatch(stdout, /never-to-be-seen/);
      assertGolden(name, stdout);
    });
  }

  it('reads the body from standard input', () => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const args = [main, 'explain', 'POST', '/Users', '--body', '-', ...mapping];
    const { status, stdout } = spawnSync(process.execPath, args, {
      input: readFileSync(`${files}/create.json`),
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.equal(stdout, readFileSync(`${files}/create.txt`, 'utf8'));
  });

  for (const [args, answer] of [
    [['GET', '/Users?filter=nonsense eq 1'], /^Answer: 400 invalidFilter {2}.*nonsense/m],
    [['GET', '/Users?filter=userName eq'], /^Answer: 400 invalidFilter/m],
    [['GET', '/Cars'], /^Answer: 404 {2}\/Cars is no endpoint of this mapping, which has \/Users, \/Groups\.$/m],
    [['POST', `/Users/${bjensen}`], /^Answer: 405/m],
    [['GET', `/Users/${bjensen.replaceAll('1', '2')}`, ...ldif], /^Answer: 404/m],
    [['DELETE', '/Users/no-uuid'], /^Answer: 404/m],
  ] as const) {
    it(`explain ${args[0]} ${args[1]}: the refusal that a client would get, and 1`, async () => {
      const { code, stdout } = await captureCli('explain', ...args, ...mapping);
      assert.equal(code, 1);
      assert.match(stdout, answer);
    });
  }

  it('tells why an entry is no resource', async () => {
    const outcome = await captureCli('explain', '--entry', 'uid=gone,ou=staff,dc=acme,dc=test', ...mapping, ...ldif);
    const reason = 'there is no entry uid=gone,ou=staff,dc=acme,dc=test, or the account of the gateway may not see it';
    assert.deepEqual(outcome, { code: 1, stdout: '', stderr: reason });
  });

  for (const [args, message] of [
    [[], 'explain takes a request (METHOD PATH), --filter or --entry'],
    [['GET', '/Users', '--filter', 'a pr'], 'explain takes a request (METHOD PATH), --filter or --entry'],
    [['GET'], 'GET needs a path, such as /Users'],
    [['GTE', '/Users'], 'explain does not understand "GTE"; did you mean "GET"?'],
    [['--entry', 'uid=a'], '--entry needs --live, or the entries of a file by --ldif FILE'],
    [['--filter', 'a pr', '--type', 'Usr'], 'there is no resource type "Usr"; did you mean "User"?'],
    [['GET', '/Users', '--product', 'opnldap'], 'there is no product "opnldap"; did you mean "openldap"?'],
    [['GET', '/Users', '--profile', 'entar'], 'there is no profile "entar"; did you mean "entra"?'],
    [['GET', '/Users', '--format', 'jsn'], '--format must be pretty or json, not "jsn"; did you mean "json"?'],
    [['GET', '/Users', '--live'], '--live needs a gateway file, not --mapping'],
  ] as const) {
    it(`explain ${args.join(' ')} -> 2, ${message}`, async () => {
      const { code, stdout, stderr } = await captureCli('explain', ...args, ...mapping);
      assert.deepEqual([code, stdout, stderr.split('\n')[0]], [2, '', `scim-ldap: ${message}`]);
    });
  }

  for (const [args, message] of [
    [['--filter', 'nonsense pr'], /^scim-ldap: .*nonsense/],
    [['POST', '/Users', '--body', 'none.json'], /^scim-ldap: none\.json cannot be read: /],
    [['POST', '/Users', '--body', `${files}/mapping.yaml`], /^scim-ldap: .*mapping\.yaml is no JSON: /],
    [['GET', '/Users', '--ldif', `${files}/mapping.yaml`], /^scim-ldap: .*mapping\.yaml: LDIF line 1: /],
  ] as const) {
    it(`explain ${args.join(' ')} -> 1, ${message}`, async () => {
      const { code, stdout, stderr } = await captureCli('explain', ...args, ...mapping);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    });
  }

  describe('--live', () => {
    let directory: EmbeddedDirectory;
    let folder: string;
    let config: string;

    before(async () => {
      directory = createEmbeddedDirectory({ suffix: 'dc=acme,dc=test' });
      const entries = readFileSync(`${files}/people.ldif`, 'utf8');
      directory.load(`dn: ou=staff,dc=acme,dc=test\nobjectClass: organizationalUnit\nou: staff\n\n${entries}`);
      const { url } = await directory.listen();
      folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-explain-'));
      config = path.join(folder, 'gateway.yaml');
      const { dn, password } = directory.administrator;
      const lines = [
        `directory: { urls: ["${url}"], bind: { dn: "${dn}", password: "${password}" } }`,
        `mapping: { file: ${path.resolve(files, 'mapping.yaml')} }`,
        'credentials: [{ name: any, bearer: { tokenHash: "sha256:9a7f3d3a3f6c1a1e9c5b1f1b4a0f2c0e6d7b8a9c0d1e2f3a4b5c6d7e8f9a0b1c" } }]',
      ];
      writeFileSync(config, lines.join('\n'));
    });
    after(async () => {
      await directory.close();
      rmSync(folder, { recursive: true });
    });

    it('shows what comes back, and how long it took', async () => {
      const target = '/Users?filter=userName eq "bjensen"&attributes=userName,groups';
      const { code, stdout } = await captureCli('explain', 'GET', target, '--live', '--config', config);
      assert.equal(code, 0);
      assert.match(stdout, /^ {4}-> 1 entry, \d+\.\d ms: uid=bjensen,ou=staff,dc=acme,dc=test$/m);
      assert.match(stdout, /"userName": "bjensen"/);
      assert.match(stdout, /"display": "guides"/);
    });

    it('in JSON, too', async () => {
      const target = `/Users/${bjensen}`;
      const { stdout } = await captureCli('explain', 'GET', target, '--live', '--config', config, '--format', 'json');
      const { operations, answer, source } = JSON.parse(stdout) as JsonObject & { operations: JsonObject[] };
      assert.equal(source, 'live');
      assert.equal((answer as JsonObject)['status'], 200);
      assert.equal(operations[0]?.['operation'], 'search');
      assert.equal(typeof operations[0]?.['milliseconds'], 'number');
      const found = operations[0]?.['entries'] as readonly JsonObject[] | undefined;
      assert.equal(found?.[0]?.['dn'], 'uid=bjensen,ou=staff,dc=acme,dc=test');
    });

    it('sends no write', async () => {
      const create = ['POST', '/Users', '--body', `${files}/create.json`];
      const before = directory.entries;
      const { code, stdout } = await captureCli('explain', ...create, '--live', '--config', config);
      assert.equal(code, 0);
      assert.match(stdout, /changetype: add[\s\S]*-> not sent/);
      assert.equal(directory.entries, before);
    });

    it('tells of a directory that does not answer', async () => {
      const gone = path.join(folder, 'gone.yaml');
      writeFileSync(gone, readFileSync(config, 'utf8').replace(/ldap:[^"]+/, 'ldap://127.0.0.1:1'));
      const { code, stderr } = await captureCli('explain', 'GET', '/Users', '--live', '--config', gone);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^scim-ldap: The directory.* at ldap:\/\/127\.0\.0\.1:1.* cannot be used: |^scim-ldap: The directory cannot be used: .*127\.0\.0\.1:1/,
      );
    });
  });
});
