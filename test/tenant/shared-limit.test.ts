// Two replicas of a gateway that share a Valkey server count deletions together, whichever of them is asked, and stop a
// mass delete at the limit; what happens when that server is away, and how the operator lets it go on.
import assert from 'node:assert/strict';
import { demoConfig } from '../../src/cli/demo/demo-config.ts';
import type { GatewayConfig, GuardSettings } from '../../src/config/gateway-config.ts';
import { Secret } from '../../src/config/secret.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { Observation } from '../../src/observe/observation.ts';
import { urns } from '../../src/scim/urns.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { startValkey, type ValkeyServer } from '../counters/valkey-server.ts';

describe('a limit on deletions that replicas share', () => {
  let directory: EmbeddedDirectory;
  let valkey: ValkeyServer;
  let config: GatewayConfig;
  let headers: Record<string, string>;
  let replicas: readonly RunningServer[] = [];
  const observations: Observation[] = [];

  const limited = (shared: string): GatewayConfig => {
    const deletions: GuardSettings['deletions'] = { perCredential: 10, seconds: 600, shared: new Secret(shared) };
    return { ...config, tenants: config.tenants.map((each) => ({ ...each, guards: { ...each.guards, deletions } })) };
  };

  before(async () => {
    valkey = await startValkey();
    directory = createEmbeddedDirectory({ suffix: 'dc=example,dc=com' });
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person.yaml';
    const target = { url, bindDn, password, suffix: directory.suffix, mapping, stop: () => directory.close() };
    const demo = demoConfig(target, 0);
    config = demo.config;
    headers = { Authorization: `Bearer ${demo.token}`, 'Content-Type': 'application/scim+json' };
    const observe = (observation: Observation): number => observations.push(observation);
    replicas = await Promise.all([1, 2].map(() => startServer(limited(valkey.url), observe)));
  });
  after(async () => {
    await Promise.all(replicas.map((each) => each.stop('test')));
    await Promise.all([directory.close(), valkey.stop()]);
  });

  async function create(count: number, prefix: string): Promise<string[]> {
    const url = replicas[0]?.url ?? '';
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const body = JSON.stringify({ schemas: [urns.user], userName: `${prefix}${index}`, name: { familyName: 'X' } });
      const answer = await fetch(`${url}/Users`, { method: 'POST', headers, body });
      assert.equal(answer.status, 201);
      ids.push(String(((await answer.json()) as { id: string }).id));
    }
    return ids;
  }

  const remove = async (id: string, by: number): Promise<number> => {
    const { status } = await fetch(`${replicas[by % 2]?.url ?? ''}/Users/${id}`, { method: 'DELETE', headers });
    return status;
  };

  it('stops a mass delete that is spread over both, and only the operator lets it go on', async () => {
    const ids = await create(30, 'mass');
    const statuses = await Promise.all(ids.map((id, index) => remove(id, index)));
    assert.equal(statuses.filter((status) => status === 204).length, 10);
    assert.equal(statuses.filter((status) => status === 429).length, 20);
    assert.equal(observations.filter(({ kind }) => kind === 'guardTripped').length, 20);
    const left = ids.filter((_id, index) => statuses[index] === 429);
    assert.deepEqual(await Promise.all(left.slice(0, 4).map((id, index) => remove(id, index))), [429, 429, 429, 429]);
    const search = `${replicas[0]?.url ?? ''}/Users?filter=${encodeURIComponent('userName sw "mass"')}`;
    const found = (await (await fetch(search, { headers })).json()) as { totalResults: number };
    assert.equal(found.totalResults, 20, 'they are still there');
    await replicas[1]?.liftGuards();
    assert.ok(observations.some(({ kind }) => kind === 'guardLifted'));
    assert.deepEqual(await Promise.all(left.slice(0, 4).map((id, index) => remove(id, index))), [204, 204, 204, 204]);
    await replicas[0]?.liftGuards();
  });

  it('refuses deletions while nobody can count, and serves everything else', async () => {
    const [id = ''] = await create(1, 'away');
    await valkey.stop();
    for (const by of [0, 1]) {
      const url = replicas[by]?.url ?? '';
      const answer = await fetch(`${url}/Users/${id}`, { method: 'DELETE', headers });
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('Retry-After'), '5');
      assert.match(JSON.stringify(await answer.json()), /cannot be counted at the moment/);
      const operations = [{ op: 'replace', path: 'title', value: `by ${by}` }];
      const body = JSON.stringify({ schemas: [urns.patchOp], Operations: operations });
      assert.equal((await fetch(`${url}/Users/${id}`, { method: 'PATCH', headers, body })).status, 200);
    }
  });
});
