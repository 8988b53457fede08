// The caller of a token tied to its resource, through a whole server: issuer, gateway, directory.
import assert from 'node:assert/strict';
import type { Credential } from '../../src/auth/credential.ts';
import { demoConfig } from '../../src/cli/demo/demo-config.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { Observation } from '../../src/observe/observation.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { StartError } from '../../src/tenant/start-error.ts';
import { audience, type Issuer, startIssuer } from '../auth/issuer.ts';

describe('the caller of a token', () => {
  let directory: EmbeddedDirectory;
  let issuer: Issuer;
  let server: RunningServer;
  let start: (resource: { type: string; attribute: string; claim: string }) => Promise<RunningServer>;
  const observations: Observation[] = [];
  const ids: Record<string, unknown> = {};

  before(async () => {
    directory = createEmbeddedDirectory({ suffix: 'dc=example,dc=com' });
    issuer = await startIssuer();
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person.yaml';
    const target = { url, bindDn, password, suffix: directory.suffix, mapping, stop: () => directory.close() };
    const { config } = demoConfig(target, 0);
    const [tenant] = config.tenants;
    start = (resource) => {
      const credential: Credential = {
        name: 'people',
        profile: interop,
        method: {
          kind: 'jwt',
          issuer: issuer.url,
          audiences: [audience],
          keys: { url: issuer.jwksUrl, keepSeconds: 3600 },
          algorithms: ['ES256'],
          clockSkewSeconds: 0,
          rules: { scopes: [], roles: [], rolesClaim: 'roles', callerClaim: 'sub', resource },
          proof: 'none',
        },
      };
      const tenants = [{ ...tenant!, credentials: [credential] }];
      return startServer({ ...config, tenants }, (observation) => observations.push(observation));
    };
    server = await start({ type: 'User', attribute: 'userName', claim: 'login' });
    for (const userName of ['ada', 'bob']) {
      const body = JSON.stringify({ schemas: [urns.user], userName, name: { familyName: 'F', givenName: 'G' } });
      const created = await ask('/Users', 'x', { method: 'POST', body });
      assert.equal(created.status, 201);
      ids[userName] = created.body['id'];
    }
  });
  after(async () => {
    await server.stop('test', 1);
    await issuer.stop();
    await directory.close();
  });

  async function ask(path: string, login: unknown, init: RequestInit = {}, from = server) {
    const token = await issuer.sign(issuer.keys[0]!, { login, sub: 'subject' });
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    const response = await fetch(`${from.url}${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as JsonObject };
  }

  it('/Me is the resource that the claim names', async () => {
    for (const name of ['ada', 'bob']) assert.equal((await ask('/Me', name)).body['id'], ids[name]);
  });

  for (const login of [
    'nobody',
    '*',
    'a*',
    'ada" or userName pr or userName eq "x',
    'ada)(uid=*',
    'ada\\2a',
    'ada"',
    'ada\0',
    '',
    'x'.repeat(5000),
    ['ada'],
    { $eq: 'ada' },
    7,
    null,
  ]) {
    it(`a claim is one value and nothing more: ${JSON.stringify(login).slice(0, 50)}`, async () => {
      assert.equal((await ask('/Me', login)).status, 404);
      assert.equal((await ask('/Users', login)).status, 200);
    });
  }

  it('by id, it need not be searched for', async () => {
    const byId = await start({ type: 'User', attribute: 'id', claim: 'login' });
    assert.equal((await ask('/Me', ids['ada'], {}, byId)).body['userName'], 'ada');
    assert.equal((await ask('/Me', '../Groups', {}, byId)).status, 404);
    await byId.stop('test', 1);
  });

  for (const [rule, expected] of [
    [{ type: 'Robot', attribute: 'id', claim: 'sub' }, /^The credential people: there is no resource type Robot$/],
    [{ type: 'User', attribute: 'badge', claim: 'sub' }, /^The credential people: .*badge/],
  ] as const) {
    it(`the gateway does not start with ${rule.type}.${rule.attribute}`, async () => {
      await assert.rejects(start(rule), (error: unknown) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, expected);
        return true;
      });
    });
  }

  it('the log names credential and caller', () => {
    const clients = observations.flatMap((each) => (each.kind === 'request' ? [each.client] : []));
    assert.ok(clients.includes('people/subject'));
  });
});
