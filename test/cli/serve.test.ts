import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { urns } from '../../src/scim/urns.ts';
import { type CliProcess, spawnCli } from './spawn-cli.ts';

const token = 'a-token-for-the-serve-test-0123';
const secrets = { SCIM_TOKEN: token, LDAP_PASSWORD: 'secret' };

describe('scim-ldap serve', () => {
  let folder: string;
  let directory: EmbeddedDirectory;
  let url: string;
  const started: CliProcess[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-serve-'));
    directory = createEmbeddedDirectory({ suffix: 'dc=example,dc=com' });
    ({ url } = await directory.listen());
  });

  after(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await directory.close();
    rmSync(folder, { recursive: true });
  });

  function serve(ldapUrl: string, mapping = 'scim-ldap/openldap/inet-org-person.yaml', more = ''): CliProcess {
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(
      file,
      `listen: { port: 0 }
directory:
  urls: ["${ldapUrl}"]
  bind: { dn: "cn=scim,dc=example,dc=com", passwordEnv: LDAP_PASSWORD }
mapping: { file: "${mapping}", variables: { suffix: "dc=example,dc=com" } }
credentials: [{ name: tester, bearer: { tokenEnv: SCIM_TOKEN } }]
${more}
`,
    );
    const running = spawnCli(['serve', '--config', file], secrets);
    started.push(running);
    return running;
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`answers until ${signal}, and ends in order`, async () => {
      const running = serve(url);
      const { url: base } = JSON.parse(await running.line(/"kind":"started"/)) as { readonly url: string };
      const response = await fetch(`${base}/Users`, { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(response.status, 200);
      assert.equal((await fetch(`${base}/Users`)).status, 401);
      running.child.kill(signal);
      assert.equal(await running.ended, 0);
      const kinds = running.stderr.map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
      assert.deepEqual(kinds, ['started', 'request', 'request', 'stopping', 'stopped']);
      assert.deepEqual(running.stdout, []);
      assert.doesNotMatch(running.stderr.join('\n'), new RegExp(`${token}|${secrets.LDAP_PASSWORD}`));
    });
  }

  it('lifts the limits on deletions at SIGUSR2', async () => {
    const running = serve(url, undefined, 'guards: { deletions: { perCredential: 1 } }');
    const { url: base } = JSON.parse(await running.line(/"kind":"started"/)) as { readonly url: string };
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    const create = async (userName: string): Promise<string> => {
      const body = JSON.stringify({ schemas: [urns.user], userName, name: { familyName: 'X' } });
      const answer = await fetch(`${base}/Users`, { method: 'POST', headers, body });
      return `${base}/Users/${((await answer.json()) as { readonly id: string }).id}`;
    };
    const remove = async (at: string): Promise<number> => (await fetch(at, { method: 'DELETE', headers })).status;
    const [first, second] = [await create('serve-one'), await create('serve-two')];
    assert.deepEqual([await remove(first), await remove(second)], [204, 429]);
    assert.match(await running.line(/"kind":"guardTripped"/), /"level":50.*"client":"tester".*"most":1/);
    running.child.kill('SIGUSR2');
    await running.line(/"kind":"guardLifted"/);
    assert.equal(await remove(second), 204);
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
  });

  it('goes on when whoever reads its log is gone', async () => {
    const running = serve(url);
    const { url: base } = JSON.parse(await running.line(/"kind":"started"/)) as { readonly url: string };
    running.child.stderr?.destroy();
    for (let request = 0; request < 3; request += 1) {
      assert.equal((await fetch(`${base}/Users`, { headers: { Authorization: `Bearer ${token}` } })).status, 200);
    }
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
  });

  it('names a directory that does not answer', async () => {
    const running = serve('ldap://127.0.0.1:1');
    assert.equal(await running.ended, 1);
    assert.match(running.stderr.join('\n'), /^scim-ldap: The directory cannot be used: ldap:\/\/127\.0\.0\.1:1: .+/m);
  });

  it('prints what is wrong with the mapping', async () => {
    const file = path.join(folder, 'm.yaml');
    writeFileSync(
      file,
      'extends: scim-ldap/openldap/inet-org-person.yaml\nresourceTypes: { User: { attributes: { nikName: cn } } }\n',
    );
    const running = serve(url, file);
    assert.equal(await running.ended, 1);
    assert.match(running.stderr.join('\n'), /m\.yaml:2:\d+ error MAP\d+ .*nikName/);
  });
});
