import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { captureCli as run } from './capture-cli.ts';

const files = path.relative('', fileURLToPath(new URL('files/', import.meta.url)));
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('scim-ldap', () => {
  for (const args of [[], ['--help'], ['help']] as const) {
    it(`${['scim-ldap', ...args].join(' ')} lists the commands`, async () => {
      const { code, stdout } = await run(...args);
      assert.equal(code, 0);
      for (const command of ['serve', 'init', 'check', 'explain', 'token', 'password', 'audit', 'demo'])
        assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    });
  }

  it('--version', async () => {
    assert.deepEqual(await run('--version'), { code: 0, stdout: manifest.version, stderr: '' });
  });

  for (const command of ['serve', 'init', 'check', 'explain', 'token', 'password', 'audit', 'demo']) {
    it(`${command} --help explains and does nothing`, async () => {
      const { code, stdout, stderr } = await run(command, '--help');
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: scim-ldap ${command}`));
      assert.equal(stderr, '');
    });
  }

  for (const [args, message] of [
    [['chekc'], 'there is no command "chekc"; did you mean "check"?'],
    [['frobnicate'], 'there is no command "frobnicate"'],
    [['--verbose'], 'there is no option --verbose'],
    [['serve', '--confg', 'x'], 'there is no option --confg; did you mean "--config"?'],
    [['serve', '-c', 'x'], 'there is no option -c'],
    [['serve', '--config'], '--config needs a value: --config FILE'],
    [['demo', '--users', '--json'], '--users needs a value: --users N'],
    [['demo', '--json=yes'], '--json takes no value'],
    [['check', 'gateway.yaml'], 'check does not understand "gateway.yaml"'],
    [['demo', 'opnldap'], 'demo does not understand "opnldap"; did you mean "openldap"?'],
    [['demo', 'openldap', 'twice'], 'demo does not understand "twice"'],
    [['token', '--name', 'a b'], '--name must be 1 to 64 letters, digits, dots, hyphens or underscores, not "a b"'],
    [['token', '--not-before', 'tomorrow'], '--not-before must be a date such as 2027-01-31, not "tomorrow"'],
    [['token', '--days', '0'], '--days must be a whole number from 1 to 36500, not "0"'],
    [['demo', '--users', 'many'], '--users must be a whole number from 1 to 1000000, not "many"'],
    [['demo', '--users', '0'], '--users must be a whole number from 1 to 1000000, not "0"'],
    [['demo', '--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000"'],
    [['demo', '--biggest-group', '60'], '--biggest-group 60 needs as many people: --users 60'],
  ] as const) {
    it(`scim-ldap ${args.join(' ')} -> 2, ${message}`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^scim-ldap: .+\nTry: scim-ldap .*--help$/);
      assert.equal(stderr.split('\n')[0], `scim-ldap: ${message}`);
    });
  }
});

describe('scim-ldap check', () => {
  it('finds nothing in good files', async () => {
    const { code, stdout, stderr } = await run('check', '--config', `${files}/good.yaml`);
    assert.deepEqual([code, stdout, stderr], [0, '', `${files}/good.yaml: in order`]);
  });

  it('prints every problem of a gateway file', async () => {
    const { code, stdout, stderr } = await run('check', '--config', `${files}/broken.yaml`);
    const golden = readFileSync(`${files}/broken.txt`, 'utf8').trimEnd();
    assert.deepEqual([code, stdout, stderr], [1, golden, `${files}/broken.yaml: 6 errors`]);
  });

  it('prints the problems of the mapping, at their place', async () => {
    const { code, stdout } = await run('check', `--config=${files}/broken-mapping.yaml`);
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(`^${files}/mapping-with-mistake\\.yaml:6:16 error MAP\\d+ resourceTypes\\.User\\.attributes\\.title`),
    );
  });

  it('says of which tenant a problem is', async () => {
    const { code, stdout, stderr } = await run('check', `--config=${files}/tenants.yaml`);
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(`^${files}/mapping-with-mistake\\.yaml:6:16 error MAP\\d+ [^ ]+ tenant globex: unknown key`),
    );
    assert.equal(stderr, `${files}/tenants.yaml: 1 error`);
  });

  it('tells of a file that is not there', async () => {
    const { code, stdout } = await run('check', '--config', 'none.yaml');
    assert.deepEqual(
      [code, stdout],
      [1, 'none.yaml error CFG001 the gateway file cannot be read: there is no such file'],
    );
  });

  it('shows the configuration in force', async () => {
    const { code, stdout } = await run('check', '--dump', '--config', `${files}/good.yaml`);
    assert.equal(code, 0);
    assert.match(stdout, /^listen:\n {2}host: 127\.0\.0\.1$/m);
    assert.match(stdout, /suffix: dc=acme,dc=test/);
  });

  it('as annotations for GitHub', async () => {
    const { code, stdout } = await run('check', '--format', 'github', '--config', `${files}/broken-mapping.yaml`);
    assert.equal(code, 1);
    assert.match(
      stdout,
      new RegExp(`^::error file=${files}/mapping-with-mistake\\.yaml,line=6,col=16,title=MAP\\d+::`),
    );
  });

  it('as JSON', async () => {
    const { code, stdout } = await run('check', '--format', 'json', '--config', `${files}/broken-mapping.yaml`);
    assert.equal(code, 1);
    const { problems, remarks } = JSON.parse(stdout) as {
      problems: { line: number; code: string }[];
      remarks: string[];
    };
    assert.deepEqual([problems[0]?.line, remarks], [6, []]);
    assert.match(problems[0]?.code ?? '', /^MAP\d+$/);
  });

  describe('--live', () => {
    let directory: EmbeddedDirectory;
    let folder: string;

    before(async () => {
      directory = createEmbeddedDirectory({ suffix: 'dc=acme,dc=test' });
      const { url } = await directory.listen();
      const { dn, password } = directory.administrator;
      folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-check-'));
      const write = (name: string, address: string): void =>
        writeFileSync(
          path.join(folder, name),
          [
            `directory: { urls: ["${address}"], bind: { dn: "${dn}", password: "${password}" } }`,
            'mapping: { file: scim-ldap/openldap/inet-org-person.yaml, variables: { suffix: "dc=acme,dc=test", groups: "ou=teams,dc=acme,dc=test" } }',
            'credentials: [{ name: any, bearer: { tokenHash: "sha256:9a7f3d3a3f6c1a1e9c5b1f1b4a0f2c0e6d7b8a9c0d1e2f3a4b5c6d7e8f9a0b1c" } }]',
          ].join('\n'),
        );
      write('gateway.yaml', url);
      write('gone.yaml', 'ldap://127.0.0.1:1');
    });
    after(async () => {
      await directory.close();
      rmSync(folder, { recursive: true });
    });

    it('finds what only the directory can tell', async () => {
      const { code, stdout, stderr } = await run('check', '--live', '--config', path.join(folder, 'gateway.yaml'));
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^.*inet-org-person\.yaml:\d+:\d+ error DIR002 resourceTypes\.Group\.entry\.base: ou=teams,dc=acme,dc=test: noSuchObject/m,
      );
      assert.match(
        stdout,
        /^.* warning DIR003 resourceTypes\.User\.entry\.filter: no User is found below ou=people,dc=acme,dc=test$/m,
      );
      assert.match(stdout, /^Rights: there is no User to try them on\.$/m);
      assert.match(stderr, /gateway\.yaml: 1 error, \d warnings?$/);
    });

    it('a directory that does not answer', async () => {
      const { code, stdout } = await run('check', '--live', '--config', path.join(folder, 'gone.yaml'));
      assert.equal(code, 1);
      assert.match(stdout, /error DIR001 directory: The directory.*127\.0\.0\.1:1/);
    });
  });
});
