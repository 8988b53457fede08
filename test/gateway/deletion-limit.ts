// Deletes and disables are counted where they go out to the directory, by whatever request, and stopped at the limit.
import assert from 'node:assert/strict';
import { createProcessCounters } from '../../src/counters/in-process.ts';
import { counterNames, createDeletionCount } from '../../src/gateway/count-deletions.ts';
import type { Observation } from '../../src/observe/observation.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeDeletionLimit(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`limits on deletions on ${name}`, () => {
    let place: LifeCycleDirectory;
    let served: ServedGateway;
    let users = 0;
    const observations: Observation[] = [];
    const counters = createProcessCounters();
    const names = counterNames('');

    before(async () => {
      place = await start();
      const limits = { perCredential: 3, perTenant: 5, seconds: 600 };
      const observe = (observation: Observation): void => {
        observations.push(observation);
      };
      const deletions = createDeletionCount(limits, names, counters, observe);
      served = await servePlace(place, { guards: { deletions }, callers: { other: {}, third: {} } });
    });
    after(() => served.stop());
    beforeEach(async () => {
      observations.length = 0;
      await counters.lift([names.tenant, ...['test', 'other', 'third'].map((each) => names.credential(each))]);
    });

    const user = async (): Promise<string> => {
      users += 1;
      const body = {
        schemas: [urns.user],
        userName: `dl-${users}`,
        name: { familyName: 'X' },
        password: 'Some-Pass-12',
      };
      return `/Users/${await createIn(served, '/Users', body)}`;
    };
    const patch = (path: string, value: JsonObject[string], attribute = 'active'): Promise<Answer> => {
      const Operations = [{ op: 'replace', path: attribute, value }];
      return served.scim('PATCH', path, { schemas: [urns.patchOp], Operations });
    };
    const stopped = ({ status, body, headers }: Answer): void => {
      assert.equal(status, 429, JSON.stringify(body));
      assert.match(String(body['detail']), /3 resources have been deleted or disabled within 600 seconds/);
      const seconds = Number(headers.get('Retry-After'));
      assert.ok(seconds > 500 && seconds <= 600, String(seconds));
    };

    it('count DELETE, PATCH and PUT that disable, and stop the next one, which stays as it is', async () => {
      const [a, b, c, d] = [await user(), await user(), await user(), await user()] as const;
      assert.equal((await served.scim('DELETE', a)).status, 204);
      assert.equal((await patch(b, false)).status, 200);
      const { body } = await served.scim('GET', c);
      const put = await served.scim('PUT', c, { ...body, active: false });
      assert.equal(put.status, 200, JSON.stringify(put.body));
      stopped(await served.scim('DELETE', d));
      stopped(await patch(d, false));
      const left = await served.scim('GET', d);
      assert.equal(left.status, 200);
      assert.equal(left.body['active'], true);
      assert.deepEqual(
        observations.map((each) => ({ ...each, requestId: '' })),
        Array.from({ length: 2 }, () => ({
          kind: 'guardTripped',
          requestId: '',
          client: 'test',
          scope: 'credential',
          most: 3,
          seconds: 600,
        })),
      );
      assert.equal((await patch(d, 'Guide', 'title')).status, 200, 'all else goes on');
      assert.equal((await patch(b, true)).status, 200, 'and so does enabling');
    });

    it('count each operation of a bulk request', async () => {
      const paths = [await user(), await user(), await user(), await user(), await user()];
      const Operations = paths.map((path) => ({ method: 'DELETE', path }));
      const { body } = await served.scim('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations });
      const statuses = (body['Operations'] as unknown as { status: string }[]).map(({ status }) => status);
      assert.deepEqual(statuses.sort(), ['204', '204', '204', '429', '429']);
    });

    it('are of each credential, and of all together', async () => {
      const by = (caller: string, path: string) => served.as(caller).scim('DELETE', path);
      for (const caller of ['test', 'test', 'test', 'other', 'other']) {
        assert.equal((await by(caller, await user())).status, 204);
      }
      const answer = await by('third', await user());
      assert.equal(answer.status, 429);
      assert.match(String(answer.body['detail']), /Through this gateway 5 resources/);
      assert.deepEqual(
        observations.flatMap((each) => (each.kind === 'guardTripped' ? [each.scope, each.client] : [])),
        ['tenant', 'third'],
      );
    });

    it('do not count what was not done: nobody there, another version, disabled already', async () => {
      const [a, b] = [await user(), await user()] as const;
      for (let count = 0; count < 5; count += 1) {
        const missing = '/Users/11111111-2222-4333-8444-555555555555';
        assert.equal((await served.scim('DELETE', missing)).status, 404);
        assert.equal((await served.scim('DELETE', a, undefined, { 'If-Match': 'W/"other"' })).status, 412);
      }
      assert.equal((await patch(b, false)).status, 200);
      for (let count = 0; count < 5; count += 1) assert.ok((await patch(b, false)).status < 300);
      assert.equal((await served.scim('DELETE', a)).status, 204);
      assert.equal((await served.scim('DELETE', b)).status, 204);
      stopped(await served.scim('DELETE', await user()));
    });
  });
}
