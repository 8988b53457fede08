// A group of so many members, and a list of so many users, that they are made while they are sent: what clients see is what
// they see of short ones.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { createIn, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

/** More than `LONG` of src/gateway/references.ts. */
const members = 1050;
const atOnce = 25;

export function describeLongGroups(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`a group of ${members} members on ${name}`, function () {
    this.timeout(120_000);
    let served: ServedGateway;
    let group: string;
    let inner: string;
    const users: string[] = [];

    before(async () => {
      served = await servePlace(await start());
      for (let from = 0; from < members; from += atOnce) {
        const names = Array.from({ length: Math.min(atOnce, members - from) }, (_, index) => `long-${from + index}`);
        const body = (userName: string) => ({ schemas: [urns.user], userName, name: { familyName: userName } });
        users.push(...(await Promise.all(names.map((each) => createIn(served, '/Users', body(each))))));
      }
      inner = await createIn(served, '/Groups', { schemas: [urns.group], displayName: 'inner' });
      group = await createIn(served, '/Groups', {
        schemas: [urns.group],
        displayName: 'long',
        members: [...users, inner].map((value) => ({ value })),
      });
    });
    after(() => served.stop());

    const membersOf = async (path: string): Promise<readonly JsonObject[]> => {
      const { status, body } = await served.scim('GET', path);
      assert.equal(status, 200, JSON.stringify(body));
      return body['members'] as readonly JsonObject[];
    };
    const byId = (list: readonly JsonObject[]): Map<unknown, JsonObject> =>
      new Map(list.map((each) => [each['value'], each]));

    it('shows each of them once, with name, type and URL, users and groups', async () => {
      const shown = await membersOf(`/Groups/${group}`);
      assert.equal(shown.length, members + 1);
      const found = byId(shown);
      assert.deepEqual(new Set(found.keys()), new Set([...users, inner]));
      const { body } = await served.scim('GET', `/Users/${users[7]}?attributes=displayName,name`);
      const display = body['displayName'] ?? (body['name'] as JsonObject)['formatted'];
      const ref = `${served.url}/Users/${users[7]}`;
      assert.deepEqual(found.get(users[7]), { value: users[7], $ref: ref, type: 'User', display });
      assert.equal(found.get(inner)?.['type'], 'Group');
    });

    it('comes with one search, and is sent while it is made', async () => {
      const { headers } = await served.scim('GET', `/Groups/${group}`);
      assert.equal(headers.get('content-length'), null);
      const sent = await served.record(() => served.scim('GET', `/Groups/${group}`));
      assert.deepEqual(
        sent.map(({ operation }) => operation),
        ['search'],
      );
    });

    it('shows of them what was asked for, and in a list the same', async () => {
      const shown = await membersOf(`/Groups/${group}?attributes=members.value`);
      assert.deepEqual([Object.keys(shown[0] ?? {}), shown.length], [['value'], members + 1]);
      assert.equal((await membersOf(`/Groups/${group}?excludedAttributes=members`)) ?? undefined, undefined);
      const { body } = await served.scim('GET', `/Groups?filter=${encodeURIComponent('displayName eq "long"')}`);
      const [listed] = body['Resources'] as readonly JsonObject[];
      assert.equal(byId((listed?.['members'] ?? []) as readonly JsonObject[]).size, members + 1);
    });

    it('tells by its filter and its version what is in it', async () => {
      const filter = encodeURIComponent(`displayName eq "long" and members.display sw "no such"`);
      assert.equal((await served.scim('GET', `/Groups?filter=${filter}`)).body['totalResults'], 0);
      const { headers } = await served.scim('GET', `/Groups/${group}`);
      const again = await served.scim('GET', `/Groups/${group}`, undefined, {
        'If-None-Match': headers.get('etag') ?? '',
      });
      assert.equal(again.status, 304);
    });

    it('loses and gains single members, and shows the rest in the answer', async () => {
      const patch = (op: string, id: string | undefined) => ({
        schemas: [urns.patchOp],
        Operations: [{ op, path: 'members', value: [{ value: id }] }],
      });
      const without = await served.scim('PATCH', `/Groups/${group}?attributes=members`, patch('remove', users[3]));
      assert.equal(without.status, 200, JSON.stringify(without.body).slice(0, 300));
      const left = byId(without.body['members'] as readonly JsonObject[]);
      assert.deepEqual([left.size, left.has(users[3])], [members, false]);
      const back = await served.scim('PATCH', `/Groups/${group}?attributes=members`, patch('add', users[3]));
      assert.equal((back.body['members'] as readonly unknown[]).length, members + 1);
    });

    it('is replaced by what is read of it, with nothing changed', async () => {
      const { body, headers } = await served.scim('GET', `/Groups/${group}`);
      const answer = await served.scim('PUT', `/Groups/${group}`, body);
      assert.equal(answer.status, 200, JSON.stringify(answer.body).slice(0, 300));
      assert.equal((answer.body['members'] as readonly unknown[]).length, members + 1);
      assert.equal(answer.headers.get('etag'), headers.get('etag'));
    });

    it('a page of a thousand users has every one of them whole, and the length that it says', async () => {
      const { body, headers } = await served.scim('GET', '/Users?count=1000');
      assert.equal(headers.get('content-length'), null);
      const listed = body['Resources'] as readonly JsonObject[];
      assert.deepEqual([body['totalResults'], body['itemsPerPage'], listed.length], [members, 1000, 1000]);
      assert.equal(new Set(listed.map(({ id }) => id)).size, 1000);
      for (const { groups } of listed) assert.ok(JSON.stringify(groups).includes(group));
    });
  });
}
