// Members that were looked for before are looked for where they were; what is not there any more is looked for everywhere.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeKnownTypes(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`types of ids on ${name}`, () => {
    let served: ServedGateway;
    let group: string;
    let user: string;
    let inner: string;

    before(async () => {
      served = await servePlace(await start());
      user = await createIn(served, '/Users', { schemas: [urns.user], userName: 'known-user' });
      inner = await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'known-inner' });
      group = await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'known-group' });
    });
    after(() => served.stop());

    const patch = (op: string, ...ids: readonly string[]) => {
      const value = ids.map((id) => ({ value: id }));
      const body = { schemas: [urns.patchOp], Operations: [{ op, path: 'members', value }] };
      return served.scim('PATCH', `/Groups/${group}`, body);
    };
    /** Searches for the ids among users and among groups. */
    const searchesFor = async (ids: readonly string[], work: () => Promise<unknown>): Promise<number> => {
      const sent = await served.record(work);
      return sent.filter(({ operation, request }) => {
        const text = JSON.stringify(request['filter']);
        return operation === 'search' && ids.some((id) => text.includes(id));
      }).length;
    };
    const members = async (): Promise<readonly unknown[]> => {
      const { body } = await served.scim('GET', `/Groups/${group}`);
      return ((body['members'] ?? []) as readonly JsonObject[]).map(({ value }) => value).sort();
    };

    it('a member is looked for among users and groups once, and then where it was', async () => {
      assert.equal(await searchesFor([user], () => patch('add', user)), 2);
      assert.equal(await searchesFor([user], () => patch('remove', user)), 1);
      assert.equal(await searchesFor([inner], () => patch('add', inner)), 2);
      assert.equal(await searchesFor([user, inner], () => patch('add', user, inner)), 2);
      assert.deepEqual(await members(), [user, inner].sort());
      const told = served.observations.flatMap((each) =>
        each.kind === 'cache' && each.cache === 'types' ? [each.hit] : [],
      );
      assert.deepEqual(told, [false, true, false, true, true]);
    });

    it('gives the name that the directory has now, and nothing where it has none', async () => {
      const renamed = await served.scim('PATCH', `/Users/${user}`, {
        schemas: [urns.patchOp],
        Operations: [{ op: 'replace', path: 'userName', value: 'known-renamed' }],
      });
      assert.ok(renamed.status < 300);
      await patch('remove', user);
      // Somebody else gets the name that the user had.
      const other = await createIn(served, '/Users', { schemas: [urns.user], userName: 'known-user' });
      assert.equal((await patch('add', user)).status < 300, true);
      assert.deepEqual(await members(), [user, inner].sort());
      await served.scim('DELETE', `/Users/${user}`);
      assert.equal(await searchesFor([user], async () => assert.equal((await patch('add', user)).status, 400)), 2);
      assert.deepEqual(await members(), [inner]);
      await served.scim('DELETE', `/Users/${other}`);
    });
  });
}
