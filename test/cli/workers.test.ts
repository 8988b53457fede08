// Several processes behind one port, as real processes in front of an embedded directory.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { sampleLdif } from '../../src/ldap/embedded/sample-data.ts';
import { findFreePort } from '../directories/loopback.ts';
import { type CliProcess, spawnCli } from './spawn-cli.ts';

const token = 'a-token-for-the-workers-test-0123';
const secrets = { SCIM_TOKEN: token, LDAP_PASSWORD: 'secret' };
const suffix = 'dc=example,dc=com';
const people = 60;

interface Line {
  readonly kind: string;
  readonly pid: number;
  readonly [name: string]: unknown;
}

interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: { readonly Resources: readonly { readonly id: string }[]; readonly nextCursor?: string } & Line;
}

describe('workers', function () {
  // A dozen processes start here, and a machine may have others to do.
  this.timeout(60_000);
  let folder: string;
  let directory: EmbeddedDirectory;
  let url: string;
  const started: CliProcess[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-workers-'));
    directory = createEmbeddedDirectory({ suffix });
    directory.load(sampleLdif({ suffix, users: people, groups: 2, biggestGroup: 10, auxiliary: false }));
    ({ url } = await directory.listen());
  });

  afterEach(() => {
    directory.faults.clear();
    for (const { child } of started.splice(0)) child.kill('SIGKILL');
  });

  after(async () => {
    await directory.close();
    rmSync(folder, { recursive: true });
  });

  function configure(
    change: {
      workers?: number;
      port?: number;
      admin?: number;
      audit?: string;
      ldapUrl?: string;
      mapping?: string;
    } = {},
  ): string {
    const file = path.join(folder, 'gateway.yaml');
    const mapping = change.mapping ?? 'scim-ldap/openldap/inet-org-person.yaml';
    writeFileSync(
      file,
      `listen: { port: ${change.port ?? 0} }
workers: ${change.workers ?? 2}
${change.admin === undefined ? '' : `admin: { port: ${change.admin} }`}
${change.audit === undefined ? '' : `audit: { file: "${change.audit}" }`}
directory:
  urls: ["${change.ldapUrl ?? url}"]
  bind: { dn: "cn=scim,dc=example,dc=com", passwordEnv: LDAP_PASSWORD }
mapping: { file: "${mapping}", variables: { suffix: "${suffix}" } }
credentials: [{ name: tester, bearer: { tokenEnv: SCIM_TOKEN } }]
`,
    );
    return file;
  }

  function serve(change: Parameters<typeof configure>[0] = {}): CliProcess {
    const running = spawnCli(['serve', '--config', configure(change)], secrets);
    started.push(running);
    return running;
  }

  async function baseOf(running: CliProcess): Promise<string> {
    return (JSON.parse(await running.line(/"kind":"started"/)) as { readonly url: string }).url;
  }

  function linesOf(running: CliProcess, kind?: string): readonly Line[] {
    const all = running.stderr.map((line) => JSON.parse(line) as Line);
    return kind === undefined ? all : all.filter((line) => line.kind === kind);
  }

  /** The processes that have answered something. */
  function servers(running: CliProcess): readonly number[] {
    return [...new Set(linesOf(running, 'request').map(({ pid }) => pid))];
  }

  /** Asks until each of two has answered. */
  async function bothOf(running: CliProcess, base: string): Promise<readonly [number, number]> {
    for (let asked = 0; asked < 20; asked += 1) {
      await send('GET', `${base}/Users?count=1`);
      const [one, other] = servers(running);
      if (one !== undefined && other !== undefined) return [one, other];
    }
    throw new Error(`only ${servers(running).join()} answers`);
  }

  it('start together, are told of once, and all serve', async () => {
    const running = serve();
    const base = await baseOf(running);
    const both = await bothOf(running, base);
    assert.ok(!both.includes(running.child.pid ?? 0), 'the first process serves nothing itself');
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
    const course = linesOf(running).filter(({ kind }) => kind !== 'request');
    assert.deepEqual(
      course.map(({ kind, pid }) => [kind, pid]),
      ['started', 'stopping', 'stopped'].map((kind) => [kind, running.child.pid]),
    );
    assert.deepEqual(running.stdout, []);
    await untilGone(both);
  });

  it('carry a walk on that another has begun, by index and by cursor, and take its versions', async () => {
    const running = serve();
    const base = await baseOf(running);
    for (const next of [
      (at: number) => `startIndex=${at + 1}`,
      (_at: number, cursor = '') => `cursor=${encodeURIComponent(cursor)}`,
    ]) {
      const ids: string[] = [];
      for (let cursor: string | undefined; ids.length < people; ) {
        const { status, body } = await send('GET', `${base}/Users?count=7&${next(ids.length, cursor)}`);
        assert.equal(status, 200);
        assert.ok(body.Resources.length > 0);
        ids.push(...body.Resources.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      assert.equal(new Set(ids).size, people);
    }
    assert.equal(servers(running).length, 2);
    const [{ id } = { id: '' }] = (await send('GET', `${base}/Users?count=1`)).body.Resources;
    for (let change = 0; change < 4; change += 1) {
      const { etag = '' } = await send('GET', `${base}/Users/${id}`);
      const Operations = [{ op: 'replace', path: 'title', value: `Title ${change}` }];
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations };
      assert.equal((await send('PATCH', `${base}/Users/${id}`, { 'If-Match': etag }, body)).status, 200);
      assert.equal((await send('PATCH', `${base}/Users/${id}`, { 'If-Match': etag }, body)).status, 412);
    }
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`end what they have begun after ${signal}, even where each gets it`, async () => {
      const running = serve();
      const base = await baseOf(running);
      const both = await bothOf(running, base);
      directory.faults.inject({ operation: 'search', effect: { kind: 'delay', milliseconds: 400 } });
      const answers = Array.from({ length: 6 }, () => send('GET', `${base}/Users?count=1&attributes=userName`));
      await delay(150);
      for (const pid of [...both, running.child.pid ?? 0]) process.kill(pid, signal);
      assert.deepEqual(
        (await Promise.all(answers)).map(({ status }) => status),
        answers.map(() => 200),
      );
      assert.equal(await running.ended, 0);
      assert.equal(servers(running).length, 2);
    });
  }

  it('are replaced when they die, while the others serve', async () => {
    const running = serve();
    const base = await baseOf(running);
    const [victim, other] = await bothOf(running, base);
    process.kill(victim, 'SIGKILL');
    await running.line(/"kind":"workerEnded"/);
    assert.equal((await send('GET', `${base}/Users?count=1`)).status, 200);
    const replaced = JSON.parse(await running.line(/"kind":"workerStarted"/)) as Line;
    for (let asked = 0; asked < 4; asked += 1) assert.equal((await send('GET', `${base}/Users?count=1`)).status, 200);
    assert.deepEqual(new Set(servers(running)), new Set([victim, other, replaced['worker']]));
    assert.deepEqual(
      linesOf(running, 'workerEnded').map(({ worker, reason, retryMilliseconds }) => [
        worker,
        reason,
        retryMilliseconds,
      ]),
      [[victim, 'it was ended by SIGKILL', 250]],
    );
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
  });

  it('are tried again, later each time, where a replacement cannot start', async () => {
    const running = serve();
    const [victim] = await bothOf(running, await baseOf(running));
    configure({ ldapUrl: 'ldap://127.0.0.1:1' });
    process.kill(victim, 'SIGKILL');
    await running.line(/"retryMilliseconds":1000\b/);
    configure();
    await running.line(/"kind":"workerStarted"/);
    const ends = linesOf(running, 'workerEnded');
    assert.deepEqual(
      ends.slice(0, 3).map(({ retryMilliseconds }) => retryMilliseconds),
      [250, 500, 1000],
    );
    assert.match(String(ends[1]?.['reason']), /^The directory cannot be used: ldap:\/\/127\.0\.0\.1:1: /);
  });

  it('fail as one, with the words of a single process', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    writeFileSync(
      path.join(folder, 'm.yaml'),
      'extends: scim-ldap/openldap/inet-org-person.yaml\nresourceTypes: { User: { attributes: { nikName: cn } } }\n',
    );
    for (const change of [{ port }, { ldapUrl: 'ldap://127.0.0.1:1' }, { mapping: path.join(folder, 'm.yaml') }]) {
      const alone = serve({ ...change, workers: 1 });
      assert.equal(await alone.ended, 1);
      const several = serve(change);
      assert.equal(await several.ended, 1);
      // Each tells in the log of its own connections.
      const [one, all] = [alone, several].map(({ stderr }) => stderr.filter((line) => !line.startsWith('{')));
      assert.ok(one !== undefined && one.length > 0);
      assert.deepEqual(all, one);
    }
    taken.close();
  });

  it('are one on the admin port, and what they counted outlasts them', async () => {
    const admin = await findFreePort();
    const running = serve({ admin });
    const base = await baseOf(running);
    const [victim] = await bothOf(running, base);
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${admin}${path}`);
      return { status: response.status, text: await response.text() };
    };
    const counted = async (): Promise<number> => {
      const { text } = await ask('/metrics');
      return Number(/^scim_ldap_requests_total\{.*route="\/Users",status="200"\} (\d+)$/m.exec(text)?.[1]);
    };
    assert.deepEqual(await ask('/readyz'), { status: 200, text: '{"ready":true}' });
    const asked = linesOf(running, 'request').length;
    assert.equal(await counted(), asked);
    process.kill(victim, 'SIGKILL');
    await running.line(/"kind":"workerEnded"/);
    assert.equal(await counted(), asked);
    assert.equal((await ask('/readyz')).status, 200);
    await running.line(/"kind":"workerStarted"/);
    await bothOf(running, base);
    assert.equal(await counted(), linesOf(running, 'request').length);
    assert.match((await ask('/metrics')).text, /^scim_ldap_workers_ended_total 1$/m);
    directory.faults.inject({ operation: 'any', effect: { kind: 'drop', at: 'beforeApplying' } });
    await delay(1100);
    assert.deepEqual(await ask('/readyz'), { status: 503, text: '{"ready":false}' });
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
  });

  it('write one audit, each a chain of its own', async () => {
    const file = path.join(folder, 'audit.jsonl');
    const running = serve({ audit: file });
    const base = await baseOf(running);
    await bothOf(running, base);
    const [{ id } = { id: '' }] = (await send('GET', `${base}/Users?count=1`)).body.Resources;
    for (let change = 0; change < 6; change += 1) {
      const Operations = [{ op: 'replace', path: 'title', value: `secret title ${change}` }];
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations };
      assert.equal((await send('PATCH', `${base}/Users/${id}`, {}, body)).status, 200);
    }
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
    const text = readFileSync(file, 'utf8');
    assert.equal(text.split('\n').filter((line) => line.includes('"kind":"change"')).length, 6);
    assert.doesNotMatch(text, /secret/);
    const good = spawnCli(['audit', 'verify', '--file', file]);
    assert.equal(await good.ended, 0);
    assert.equal(good.stderr.filter((line) => /^chain .*, closed$/.test(line)).length, 2);
    writeFileSync(file, text.replace('"operation":"patch"', '"operation":"create"'));
    const bad = spawnCli(['audit', 'verify', '--file', file]);
    assert.equal(await bad.ended, 1);
    assert.match(bad.stdout.join('\n'), /^.*audit\.jsonl:1 was altered: record 1 of chain /);
  });

  it('do not outlive the first process, nor a second signal', async () => {
    for (const end of [['SIGKILL'], ['SIGTERM', 'SIGTERM']] as const) {
      const running = serve();
      const base = await baseOf(running);
      const both = await bothOf(running, base);
      directory.faults.inject({ operation: 'search', effect: { kind: 'delay', milliseconds: 5000 } });
      send('GET', `${base}/Users?count=1`).catch(() => undefined);
      await delay(100);
      for (const signal of end) {
        running.child.kill(signal);
        await delay(100);
      }
      assert.equal(await running.ended, end.length === 1 ? 'SIGKILL' : 1);
      await untilGone(both);
      directory.faults.clear();
    }
  });
});

/** Each request on a connection of its own, so that the workers take turns. */
async function send(method: string, url: string, headers = {}, body?: object): Promise<Answer> {
  const request = http.request(url, {
    method,
    agent: false,
    headers: { Authorization: `Bearer ${token}`, ...headers },
  });
  request.setHeader('Content-Type', 'application/scim+json');
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return {
    status: response.statusCode ?? 0,
    etag: response.headers.etag,
    body: JSON.parse(text === '' ? '{}' : text) as Answer['body'],
  };
}

async function untilGone(processes: readonly number[]): Promise<void> {
  for (const limit = Date.now() + 5000; processes.some(isThere); ) {
    assert.ok(Date.now() < limit, `${processes.filter(isThere).join()} are still there`);
    await delay(20);
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
