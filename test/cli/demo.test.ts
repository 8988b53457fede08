import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { product as ds389 } from '../directories/ds389/recipe.ts';
import { product as openLdap } from '../directories/openldap/recipe.ts';
import { product as sambaAd } from '../directories/samba-ad/recipe.ts';
import { type CliProcess, spawnCli } from './spawn-cli.ts';

const run = promisify(execFile);

interface Ready {
  readonly url: string;
  readonly token: string;
  readonly directory: {
    readonly url: string;
    readonly bindDn: string;
    readonly password: string;
    readonly suffix: string;
  };
  readonly pid: number;
}

interface List {
  readonly totalResults: number;
  readonly Resources: readonly { readonly members?: readonly unknown[] }[];
}

describe('scim-ldap demo', () => {
  const started: CliProcess[] = [];

  after(() => {
    for (const { child } of started) child.kill('SIGKILL');
  });

  function demo(...args: readonly string[]): CliProcess {
    const running = spawnCli(['demo', ...args, '--port', '0']);
    started.push(running);
    return running;
  }

  async function list({ url, token }: Ready, path: string): Promise<List> {
    const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200);
    return (await response.json()) as List;
  }

  // In a container the launcher would build an image first; the directory suites do that.
  const kinds = [
    ['embedded', true],
    ['openldap', openLdap.isInstalled()],
    ['389ds', ds389.isInstalled()],
    ['samba-ad', sambaAd.isInstalled()],
  ] as const;
  for (const [kind, isHere] of kinds) {
    if (!isHere) continue;
    it(`${kind} --json says where it is, in one line, and ends with SIGTERM`, async () => {
      const running = demo(kind, '--json', '--users', '60', '--groups', '3', '--biggest-group', '45');
      const ready = JSON.parse(await running.line(/^\{"url"/)) as Ready;
      assert.equal(ready.pid, running.child.pid);
      assert.match(ready.directory.suffix, /dc=example,dc=com$/i);
      assert.equal((await list(ready, '/Users?count=0')).totalResults, 60);
      const groups = await list(ready, '/Groups');
      assert.equal(groups.totalResults, 3);
      assert.equal(Math.max(...groups.Resources.map(({ members = [] }) => members.length)), 45);
      running.child.kill('SIGTERM');
      assert.equal(await running.ended, 0);
      assert.equal(running.stdout.length, 1);
      await assert.rejects(fetch(ready.url));
    });
  }

  it('has at least 50 people and 8 groups, and prints curl lines that work as they stand', async () => {
    const running = demo();
    await running.line(/^Ctrl-C/);
    const lines = running.stdout.filter((line) => line.startsWith('curl '));
    assert.equal(lines.length, 5);
    const answers = [];
    for (const line of lines) {
      const { stdout } = await run('sh', ['-c', `${line} -w '\n%{http_code}'`]);
      const end = stdout.lastIndexOf('\n');
      answers.push({
        status: stdout.slice(end + 1),
        body: JSON.parse(stdout.slice(0, end)) as Record<string, unknown>,
      });
    }
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['200', '200', '201', '200', '200'],
    );
    const [people, filtered, created, patched] = answers.map(({ body }) => body);
    assert.ok(Number(people?.['totalResults']) >= 50);
    assert.ok(Number(filtered?.['totalResults']) >= 1);
    assert.equal(created?.['userName'], 'bjensen');
    assert.equal(patched?.['title'], 'Tour guide');
    const token = /Bearer token\s+(\S+)/.exec(running.stdout.join('\n'))?.[1] ?? '';
    const url = /SCIM base URL\s+(\S+)/.exec(running.stdout.join('\n'))?.[1] ?? '';
    const groups = await fetch(`${url}/Groups?count=0`, { headers: { Authorization: `Bearer ${token}` } });
    assert.ok(((await groups.json()) as List).totalResults >= 8);
    running.child.kill('SIGINT');
    assert.equal(await running.ended, 0);
  });
});
