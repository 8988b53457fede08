import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { demoConfig } from '../src/cli/demo/demo-config.ts';
import type { GatewayConfig, TenantConfig } from '../src/config/gateway-config.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../src/ldap/embedded/embedded-directory.ts';
import type { Permissions } from '../src/mapping/access.ts';
import type { Observation } from '../src/observe/observation.ts';
import { urns } from '../src/scim/urns.ts';
import { startServer } from '../src/server.ts';
import { StartError } from '../src/tenant/start-error.ts';
import { findFreePort } from './directories/loopback.ts';

describe('startServer', () => {
  let directory: EmbeddedDirectory;
  let config: GatewayConfig;
  let token: string;
  const observations: Observation[] = [];
  const observe = (observation: Observation): number => observations.push(observation);

  before(async () => {
    directory = createEmbeddedDirectory({ suffix: 'dc=example,dc=com' });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person.yaml';
    const target = { url, bindDn, password, suffix: directory.suffix, mapping, stop: () => directory.close() };
    ({ token, config } = demoConfig(target, 0));
  });

  after(() => directory.close());

  beforeEach(() => {
    observations.length = 0;
  });

  async function refusal(change: Partial<GatewayConfig>): Promise<StartError> {
    const error = await startServer({ ...config, ...change }, observe).then(
      (server) => server.stop('test'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof StartError, String(error));
    return error;
  }

  /** What startServer says where the only tenant is like this. */
  function refusalOf(change: (tenant: TenantConfig) => Partial<TenantConfig>): Promise<StartError> {
    return refusal({ tenants: config.tenants.map((tenant) => ({ ...tenant, ...change(tenant) })) });
  }

  it('serves, tells, and stops for good', async () => {
    const server = await startServer(config, observe);
    const headers = { Authorization: `Bearer ${token}` };
    assert.deepEqual(server.warnings, []);
    assert.equal((await fetch(`${server.url}/Users`, { headers })).status, 200);
    await server.stop('test');
    await assert.rejects(fetch(`${server.url}/Users`, { headers }));
    const course = observations.filter(({ kind }) => !kind.startsWith('ldap'));
    assert.deepEqual(
      course.map(({ kind }) => kind),
      ['started', 'request', 'stopping', 'stopped'],
    );
    const last = observations.findLastIndex(({ kind }) => kind === 'ldapConnection');
    assert.ok(
      last < observations.findIndex(({ kind }) => kind === 'stopped'),
      'connections are closed before "stopped"',
    );
  });

  it('holds permissions against the mapping, and each credential against its own', async () => {
    const locate = (path: readonly string[]) => ({ file: 'gateway.yaml', path: path.join('.') });
    const permitted = (permissions: Permissions) => (tenant: TenantConfig) => ({
      credentials: tenant.credentials.map((each) => ({ ...each, authorization: { permissions, locate } })),
    });
    const error = await refusalOf(permitted({ Usr: { operations: ['read'] } }));
    assert.match(error.message, /gateway\.yaml error CFG020 permissions\.Usr: .*no resource type Usr/);
    const groups = permitted({ Group: { operations: ['read'] } });
    const tenants = config.tenants.map((tenant) => ({ ...tenant, ...groups(tenant) }));
    const server = await startServer({ ...config, tenants }, observe);
    const headers = { Authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${server.url}/Groups`, { headers })).status, 200);
    assert.equal((await fetch(`${server.url}/Users`, { headers })).status, 403);
    await server.stop('test');
  });

  it('obeys the guards of its configuration', async () => {
    const people = config.tenants.map((tenant) => {
      const { suffix = '' } = tenant.mapping.variables;
      return { ...tenant, mapping: { ...tenant.mapping, variables: { suffix, people: suffix } } };
    });
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    const send = async (tenants: readonly TenantConfig[], userName: string): Promise<number> => {
      const server = await startServer({ ...config, tenants }, observe);
      const body = JSON.stringify({ schemas: [urns.user], userName, name: { familyName: 'X' } });
      const { status } = await fetch(`${server.url}/Users`, { method: 'POST', headers, body });
      await server.stop('test');
      return status;
    };
    assert.equal(await send(people, 'somebody'), 201);
    const readOnly = people.map((tenant) => ({ ...tenant, guards: { ...tenant.guards, readOnly: true } }));
    assert.equal(await send(readOnly, 'somebody-else'), 403);
    const base = config.tenants[0]?.mapping.variables['suffix'] ?? '';
    const protect = { bases: [base], filters: [] };
    const closed = people.map((tenant) => ({ ...tenant, guards: { ...tenant.guards, protect } }));
    assert.equal(await send(closed, 'somebody-else'), 403);
  });

  it('A5 advertises entity tags where every type has a version', async () => {
    const server = await startServer(config, observe);
    const response = await fetch(`${server.url}/ServiceProviderConfig`);
    assert.deepEqual(((await response.json()) as { etag: unknown }).etag, { supported: true });
    await server.stop('test');
  });

  it('names a directory that does not answer', async () => {
    const error = await refusalOf(({ directory: own }) => ({ directory: { ...own, urls: ['ldap://127.0.0.1:1'] } }));
    assert.match(error.message, /^The directory cannot be used: ldap:\/\/127\.0\.0\.1:1: /);
  });

  it('names a setting of the directory that cannot be meant', async () => {
    const error = await refusalOf(({ directory: own }) => ({
      directory: { ...own, urls: ['ldap://ldap.example.com'] },
    }));
    assert.match(
      error.message,
      /^directory\.urls: the bind password would go to ldap:\/\/ldap\.example\.com unencrypted/,
    );
  });

  it('names a port that is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const error = await refusal({ listen: { ...config.listen, port } });
    assert.match(error.message, new RegExp(`^Cannot listen on 127\\.0\\.0\\.1, port ${port}: .*EADDRINUSE`));
    taken.close();
  });

  it('reports a mapping that the directory cannot serve, with every problem', async () => {
    const scim = (file: string) => file.replace('inet-org-person', 'inet-org-person-scim');
    const error = await refusalOf(({ mapping }) => ({ mapping: { ...mapping, file: scim(mapping.file) } }));
    assert.match(error.message, /^The mapping cannot be used:\n.*:\d+:\d+ error MAP\d+ /);
    assert.ok(error.problems.length > 5);
  });

  describe('with an admin port', () => {
    async function start(change: Partial<GatewayConfig> = {}) {
      const admin = await findFreePort();
      const server = await startServer({ ...config, admin: { host: '127.0.0.1', port: admin }, ...change }, observe);
      const ask = async (path: string) => {
        const response = await fetch(`http://127.0.0.1:${admin}${path}`);
        return { status: response.status, text: await response.text() };
      };
      return { server, admin, ask };
    }

    it('tells what it has done, and that it lives', async () => {
      const { server, admin, ask } = await start();
      const headers = { Authorization: `Bearer ${token}` };
      for (const path of [
        '/Users?count=1',
        '/Users/none',
        '/Users?startIndex=2&count=1',
        '/Groups?startIndex=2&count=1',
      ])
        await fetch(`${server.url}${path}`, { headers });
      await fetch(`${server.url}/Users`);
      assert.deepEqual(await ask('/livez'), { status: 200, text: 'alive\n' });
      const { text } = await ask('/metrics');
      for (const line of [
        /^scim_ldap_info\{version="\d+\.\d+\.\d+"\} 1$/m,
        /^scim_ldap_requests_total\{tenant="",method="GET",route="\/Users",status="200"\} 2$/m,
        /^scim_ldap_requests_total\{tenant="",method="GET",route="\/Users\/:id",status="404"\} 1$/m,
        /^scim_ldap_requests_total\{tenant="",method="GET",route="none",status="401"\} 1$/m,
        /^scim_ldap_request_duration_seconds_count\{tenant="",method="GET",route="\/Users"\} 2$/m,
        /^scim_ldap_directory_operations_total\{tenant="",operation="search",code="0"\} [1-9]\d*$/m,
        /^scim_ldap_directory_connections\{tenant="",server="ldap:\/\/127\.0\.0\.1:\d+"\} [1-9]$/m,
        /^scim_ldap_directory_operations_in_flight\{.*\} 0$/m,
        /^scim_ldap_cache_requests_total\{tenant="",cache="snapshots",result="miss"\} 1$/m,
        /^scim_ldap_cache_requests_total\{tenant="",cache="snapshots",result="hit"\} 1$/m,
        /^scim_ldap_cache_bytes\{tenant="",cache="snapshots"\} [1-9]\d+$/m,
        /^process_resident_memory_bytes \d+$/m,
      ])
        assert.match(text, line);
      assert.doesNotMatch(text, new RegExp(`${token}|Bearer|none"\\} 1 `));
      await server.stop('test');
      await assert.rejects(fetch(`http://127.0.0.1:${admin}/livez`));
    });

    it('is ready while the directory answers, and asks it once a second at most', async () => {
      const { server, ask } = await start();
      const asked = () => observations.filter(({ kind }) => kind === 'ldapOperation').length;
      const before = asked();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/readyz')));
      assert.deepEqual(new Set(answers.map(({ text }) => text)), new Set(['{"ready":true}']));
      assert.equal(asked(), before + 1);
      const heal = directory.faults.inject({ operation: 'any', effect: { kind: 'drop', at: 'beforeApplying' } });
      await delay(1100);
      assert.deepEqual(await ask('/readyz'), { status: 503, text: '{"ready":false}' });
      assert.equal((await ask('/livez')).status, 200);
      heal();
      for (const limit = Date.now() + 8000; (await ask('/readyz')).status !== 200; await delay(200))
        assert.ok(Date.now() < limit, 'it does not become ready again');
      await server.stop('test');
    });

    it('is not ready from the moment it is told to stop', async () => {
      const { server, ask } = await start();
      const slow = directory.faults.inject({ operation: 'search', effect: { kind: 'delay', milliseconds: 500 } });
      const request = fetch(`${server.url}/Users?count=1`, { headers: { Authorization: `Bearer ${token}` } });
      await delay(100);
      const stopped = server.stop('test');
      assert.deepEqual(await ask('/readyz'), { status: 503, text: '{"ready":false}' });
      assert.equal((await request).status, 200);
      slow();
      await stopped;
    });

    it('names an admin port that is taken, and leaves nothing behind', async () => {
      const taken = createServer();
      const port = await findFreePort();
      await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
      const error = await refusal({ admin: { host: '127.0.0.1', port } });
      assert.match(error.message, new RegExp(`^Cannot listen on 127\\.0\\.0\\.1, port ${port}: .*EADDRINUSE`));
      taken.close();
      const admin = await findFreePort();
      await refusal({ admin: { host: '127.0.0.1', port: admin }, listen: { ...config.listen, host: '192.0.2.1' } });
      await assert.rejects(fetch(`http://127.0.0.1:${admin}/livez`));
    });
  });
});
