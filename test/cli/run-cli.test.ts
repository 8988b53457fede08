import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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
      for (const command of ['serve', 'check', 'explain', 'token', 'demo'])
        assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    });
  }

  it('--version', async () => {
    assert.deepEqual(await run('--version'), { code: 0, stdout: manifest.version, stderr: '' });
  });

  for (const command of ['serve', 'check', 'explain', 'token', 'demo']) {
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
});
