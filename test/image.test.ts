// The image that Dockerfile makes, built from this checkout and run as its documents say it can be: by a stranger, without
// capabilities, on a file system that cannot be written. Its directory is the embedded one, out of the same image, and once
// an OpenLDAP in another container. It needs a Docker engine that has the base image already, and pulls none.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { prepareImage } from './directories/launcher.ts';
import { type OpenLdap, product as openLdap } from './directories/openldap/recipe.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const image = 'scim-ldap-test';
const token = 'a-token-for-the-image-test-0123';

const embedded = `
  const { createEmbeddedDirectory } = await import('/app/dist/ldap/embedded/embedded-directory.js');
  await createEmbeddedDirectory({ suffix: 'dc=example,dc=com' }).listen(3389);
  console.log('listening');`;

const gatewayFile = `listen: { host: 0.0.0.0 }
directory:
  urls: ["ldap://127.0.0.1:3389"]
  bind: { dn: "cn=scim,dc=example,dc=com", passwordEnv: LDAP_PASSWORD }
mapping: { file: scim-ldap/openldap/inet-org-person.yaml, variables: { suffix: "dc=example,dc=com" } }
credentials: [{ name: tester, bearer: { tokenEnv: SCIM_TOKEN } }]
`;

/** As docs/operations.md shows it. */
const openLdapFile = (address: string, { bindDn, suffix }: OpenLdap): string => `listen: { host: 0.0.0.0 }
directory:
  urls: ["ldaps://${address}"]
  tls: { caFile: ca.pem, servername: localhost }
  bind: { dn: "${bindDn}", passwordFile: ldap-password }
mapping: { file: scim-ldap/openldap/inet-org-person-scim.yaml, variables: { suffix: "${suffix}" } }
credentials: [{ name: tester, bearer: { tokenEnv: SCIM_TOKEN } }]
`;

const locked = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

describe('container image', function () {
  this.timeout(600_000);
  let folder: string;
  let directory: string;
  let base: string;
  let gateway: string;
  const started: string[] = [];

  before(function () {
    const missing = findMissing();
    if (missing !== undefined) {
      process.stderr.write(`The image is not tested here: ${missing}\n`);
      this.skip();
    }
    docker('build', '-t', image, root);
    folder = mkdtempSync(join(tmpdir(), 'scim-ldap-image-'));
    // The user of the image is not the one who runs this.
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'gateway.yaml'), gatewayFile);
  });

  after(() => {
    for (const container of started.toReversed()) spawnSync('docker', ['rm', '-f', container]);
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  function start(...args: readonly string[]): string {
    const container = docker('run', '-d', ...locked, ...args).trim();
    started.push(container);
    return container;
  }

  it('holds what runs, and nothing that only builds', () => {
    const packages = docker('run', '--rm', '--entrypoint=ls', image, 'node_modules').split(/\s+/);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Record<string, string>;
      readonly devDependencies: Record<string, string>;
    };
    const top = (names: Record<string, string>) => new Set(Object.keys(names).map((name) => name.replace(/\/.*/, '')));
    assert.deepEqual(
      [...top(dependencies)].filter((name) => !packages.includes(name)),
      [],
    );
    assert.deepEqual(
      [...top(devDependencies)].filter((name) => packages.includes(name)),
      [],
    );
    assert.equal(
      packages.some((name) => name.startsWith('node-linux')),
      false,
    );
    assert.deepEqual(docker('run', '--rm', '--entrypoint=ls', image, '-A', '/app').trim().split(/\s+/), [
      'LICENSE',
      'dist',
      'docker',
      'mappings',
      'node_modules',
      'package.json',
    ]);
  });

  it('checks its health: ill while nothing answers, healthy once the gateway does', async () => {
    directory = start('--no-healthcheck', '-p', '127.0.0.1::8080', '--entrypoint=node', image, '-e', embedded);
    await untilLogged(directory, 'listening');
    const check = spawnSync('docker', ['exec', directory, 'node', '/app/docker/health.ts']);
    assert.equal(check.status, 1);

    // A network of two, so that the directory is on loopback and its port is the gateway's.
    const secrets = ['-e', `SCIM_TOKEN=${token}`, '-e', 'LDAP_PASSWORD=secret'];
    const place = ['--network', `container:${directory}`, '-v', `${folder}:/etc/scim-ldap:ro`];
    gateway = start('--health-interval=1s', ...place, ...secrets, image);
    await until(() => docker('inspect', '-f', '{{.State.Health.Status}}', gateway).trim() === 'healthy', gateway);
    base = `http://${docker('port', directory, '8080').trim()}/scim/v2`;
  });

  it('serves a life cycle as a user without a name', async () => {
    assert.match(docker('exec', gateway, 'id', '-u'), /^10001$/m);
    await runLifeCycle(base);
  });

  it('lets a request that runs end when it is stopped, and ends with 0', async () => {
    const body = JSON.stringify(person('ben'));
    const outgoing = request(`${base}/Users`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/scim+json',
        'Content-Length': Buffer.byteLength(body),
        Expect: '100-continue',
      },
    });
    const answered = new Promise<[number | undefined, string]>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        void text(response).then((received) => resolve([response.statusCode, received]), reject);
      });
    });
    // The gateway has the request once it asks for its body, which it gets after the signal.
    const asked = new Promise<void>((resolve) => outgoing.once('continue', () => resolve()));
    outgoing.flushHeaders();
    await asked;
    docker('kill', '--signal=TERM', gateway);
    await untilLogged(gateway, '"kind":"stopping"');
    outgoing.end(body);
    const [status, received] = await answered;
    assert.equal(status, 201, received);
    assert.equal(docker('wait', gateway).trim(), '0');
    const { stdout, stderr } = spawnSync('docker', ['logs', gateway], { encoding: 'utf8' });
    assert.match(stderr, /"kind":"stopped"/);
    assert.doesNotMatch(stdout + stderr, new RegExp(token));
  });

  it('serves a life cycle in front of an OpenLDAP in another container, over TLS', async function () {
    const reasons: string[] = [];
    if (!prepareImage(openLdap, (line) => reasons.push(line))) {
      process.stderr.write(`The image is not tested in front of OpenLDAP here: ${reasons.join('\n')}\n`);
      this.skip();
    }
    // Loaded here only: it takes half a second.
    const { startOpenLdapContainer } = await import('./directories/openldap/container.ts');
    const server = await startOpenLdapContainer({});
    const etc = mkdtempSync(join(tmpdir(), 'scim-ldap-image-'));
    try {
      chmodSync(etc, 0o755);
      copyFileSync(server.caFile, join(etc, 'ca.pem'));
      chmodSync(join(etc, 'ca.pem'), 0o644);
      writeFileSync(join(etc, 'ldap-password'), server.password);
      // The address on the network of the engine, where the port is the server's own.
      const id = docker('ps', '-q', '--filter', `publish=${new URL(server.ldapsUrl).port}`).trim();
      const address = docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id).trim();
      writeFileSync(join(etc, 'gateway.yaml'), openLdapFile(`${address}:3636`, server));
      const place = ['-p', '127.0.0.1::8080', '-v', `${etc}:/etc/scim-ldap:ro`];
      const other = start(...place, '-e', `SCIM_TOKEN=${token}`, image);
      await untilLogged(other, '"kind":"started"');
      await runLifeCycle(`http://${docker('port', other, '8080').trim()}/scim/v2`);
    } finally {
      rmSync(etc, { recursive: true });
      await server.stop();
    }
  });

  it('says what is wrong with the gateway file, and ends with 1', () => {
    writeFileSync(join(folder, 'gateway.yaml'), gatewayFile.replace('bind:', 'bynd:'));
    const mount = `${folder}:/etc/scim-ldap:ro`;
    const { status, stderr } = spawnSync('docker', ['run', '--rm', ...locked, '-v', mount, image], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /^\/etc\/scim-ldap\/gateway\.yaml:4:3 error CFG003 directory\.bynd: unknown key/m);
  });
});

async function runLifeCycle(base: string): Promise<void> {
  const call = async (method: string, path: string, body?: object): Promise<[number, Record<string, unknown>]> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${base}${path}`, { method, headers, ...sent });
    const received = await response.text();
    return [response.status, received === '' ? {} : (JSON.parse(received) as Record<string, unknown>)];
  };
  const [created, user] = await call('POST', '/Users', person('amy'));
  assert.equal(created, 201);
  const path = `/Users/${String(user['id'])}`;
  const patch = { op: 'replace', path: 'title', value: 'Guide' };
  const [patched, after] = await call('PATCH', path, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [patch],
  });
  assert.deepEqual([patched, after['title']], [200, 'Guide']);
  const [, found] = await call('GET', `/Users?filter=${encodeURIComponent('title eq "Guide"')}`);
  assert.equal(found['totalResults'], 1);
  assert.equal((await call('DELETE', path))[0], 204);
  assert.equal((await call('GET', path))[0], 404);
}

function person(userName: string): object {
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, name: { familyName: userName } };
}

/** What this machine lacks, as a sentence. */
function findMissing(): string | undefined {
  if (spawnSync('docker', ['version']).status !== 0) return 'no Docker engine answers.';
  const base = /^ARG BASE=(\S+)/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1];
  if (base === undefined) return 'Dockerfile names no base image.';
  if (spawnSync('docker', ['image', 'inspect', base]).status === 0) return undefined;
  return `the engine lacks the base image: docker pull ${base}`;
}

/** Standard output. Throws with all output where the command fails. */
function docker(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, `docker ${args.slice(0, 2).join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

async function untilLogged(container: string, part: string): Promise<void> {
  await until(() => logOf(container).includes(part), container);
}

/** Rejects where the container ends before. */
async function until(done: () => boolean, container: string): Promise<void> {
  while (!done()) {
    const state = docker('inspect', '-f', '{{.State.Status}}', container).trim();
    assert.equal(state, 'running', logOf(container));
    await sleep(100);
  }
}

function logOf(container: string): string {
  const { stdout, stderr } = spawnSync('docker', ['logs', container], { encoding: 'utf8' });
  return stdout + stderr;
}
