import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { demoConfig } from '../src/cli/demo/demo-config.ts';
import type { GatewayConfig, TenantConfig } from '../src/config/gateway-config.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../src/ldap/embedded/embedded-directory.ts';
import type { Observation } from '../src/observe/observation.ts';
import { startServer } from '../src/server.ts';
import { StartError } from '../src/tenant/start-error.ts';

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
});
