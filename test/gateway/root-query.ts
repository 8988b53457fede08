// Queries over all resource types at once (RFC 7644 s3.4.2.1, J2), through HTTP.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeRootQuery(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`root query on ${name}`, () => {
    let served: ServedGateway;
    let place: LifeCycleDirectory;
    const ids: Record<string, string> = {};
    const names = new Map<string, string>();

    before(async () => {
      place = await start();
      served = await servePlace(place);
      const create = async (type: string, key: string, body: JsonObject): Promise<void> => {
        const answer = await served.scim('POST', `/${type}`, body);
        assert.equal(answer.status, 201, JSON.stringify(answer.body));
        ids[key] = String(answer.body['id']);
        names.set(String(answer.body['id']), key);
      };
      for (const [userName, displayName] of [
        ['ursula', 'Ceres'],
        ['ulrich', 'Apollo'],
        ['ute', 'Eros'],
      ] as const) {
        await create('Users', userName, { schemas: [urns.user], userName, displayName, title: 'Guide' });
      }
      for (const displayName of ['Boreas', 'Demeter']) {
        await create('Groups', displayName, {
          schemas: [urns.group],
          displayName,
          members: [{ value: ids['ute'] ?? '' }],
        });
      }
    });
    after(async () => {
      await served.stop();
    });

    const search = async (parameters: JsonObject): Promise<JsonObject> => {
      const query = new URLSearchParams(
        Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
      ).toString();
      const [get, post] = [
        await served.scim('GET', `/?${query}`),
        await served.scim('POST', '/.search', { schemas: [urns.searchRequest], ...parameters }),
      ];
      assert.equal(get.status, 200, JSON.stringify(get.body));
      // A cursor holds the second in which it was made.
      const { nextCursor: _got, ...got } = get.body;
      const { nextCursor: _posted, ...posted } = post.body;
      assert.deepEqual([post.status, posted], [200, got]);
      return get.body;
    };
    const resourcesOf = (list: JsonObject) => list['Resources'] as unknown as readonly (JsonObject & { id: string })[];
    const found = async (parameters: JsonObject): Promise<(string | undefined)[]> =>
      resourcesOf(await search(parameters)).map(({ id }) => names.get(id));
    const matching = async (filter: string): Promise<(string | undefined)[]> => (await found({ filter })).sort();

    it('J2 J5 I8 lists the resources of all types, the types in their order', async () => {
      const list = await search({});
      assert.deepEqual([list['totalResults'], list['itemsPerPage'], list['startIndex']], [5, 5, 1]);
      const types = resourcesOf(list).map((resource) => (resource['meta'] as JsonObject)['resourceType']);
      assert.deepEqual(types, ['User', 'User', 'User', 'Group', 'Group']);
    });

    it('I3 I7 count 0 and pages beyond the end know the total', async () => {
      const none = await search({ count: 0 });
      assert.deepEqual([none['totalResults'], none['Resources']], [5, []]);
      const beyond = await search({ startIndex: 6 });
      assert.deepEqual([beyond['totalResults'], beyond['itemsPerPage'], beyond['startIndex']], [5, 0, 6]);
    });

    it('I11 pages cross the border between types, and have each resource once', async () => {
      const whole = await found({});
      for (const query of [{}, { filter: 'id pr' }, { sortBy: 'displayName' }]) {
        const all = query.sortBy === undefined ? whole : await found(query);
        const pages: (string | undefined)[] = [];
        for (const startIndex of [1, 3, 5]) pages.push(...(await found({ ...query, startIndex, count: 2 })));
        assert.deepEqual(pages, all, JSON.stringify(query));
      }
    });

    it('I4 I8 types that fit into a page one by one need not fit together', async () => {
      const list = await search({ filter: 'id pr', count: 3 });
      assert.deepEqual([list['totalResults'], list['itemsPerPage'], resourcesOf(list).length], [5, 3, 3]);
    });

    it('I11 cursors walk over types, and meet each resource once', async () => {
      for (const query of [{}, { sortBy: 'displayName' }, { sortBy: 'userName', sortOrder: 'descending' }]) {
        const walked: (string | undefined)[] = [];
        for (let cursor: unknown = ''; cursor !== undefined; ) {
          assert.ok(walked.length < 5);
          const list = await search({ ...query, count: 2, cursor: String(cursor) });
          walked.push(...resourcesOf(list).map(({ id }) => names.get(id)));
          cursor = list['nextCursor'];
        }
        assert.deepEqual(walked, await found(query), JSON.stringify(query));
      }
    });

    it('H1 H2 H6 sorts over types; what a type lacks comes last, or first', async () => {
      const byName = ['ulrich', 'Boreas', 'ursula', 'Demeter', 'ute'];
      assert.deepEqual(await found({ sortBy: 'displayName' }), byName);
      assert.deepEqual(await found({ sortBy: 'displayName', filter: 'id pr' }), byName);
      assert.deepEqual(await found({ sortBy: 'displayName', sortOrder: 'descending' }), [...byName].reverse());
      const groups = ['Boreas', 'Demeter'].sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1));
      assert.deepEqual(await found({ sortBy: 'userName' }), ['ulrich', 'ursula', 'ute', ...groups]);
      assert.deepEqual(await found({ sortBy: 'userName', sortOrder: 'descending' }), [
        ...groups,
        'ute',
        'ursula',
        'ulrich',
      ]);
    });

    it('G31 an attribute that a type lacks has no value there', async () => {
      for (const [filter, expected] of [
        ['userName eq "ute"', ['ute']],
        ['userName pr', ['ulrich', 'ursula', 'ute']],
        ['not (userName pr)', ['Boreas', 'Demeter']],
        ['userName eq "ute" or displayName eq "boreas"', ['Boreas', 'ute']],
        ['userName ne "ute" and displayName sw "d"', ['Demeter']],
        [`members[value eq "ID:ute"]`, ['Boreas', 'Demeter']],
        [`groups.value eq "ID:Boreas"`, ['ute']],
        ['shoeSize eq 44', []],
        ['shoeSize eq 44 or userName eq "ute"', ['ute']],
        ['not (shoeSize eq 44)', ['Boreas', 'Demeter', 'ulrich', 'ursula', 'ute']],
        ['urn:example:unknown:2.0:Thing:size gt 3', []],
        ['displayName co "e"', ['Boreas', 'Demeter', 'ursula', 'ute']],
      ] as const) {
        const text = filter.replace(/ID:(\w+)/, (_all, key: string) => ids[key] ?? '');
        assert.deepEqual(await matching(text), expected, filter);
      }
    });

    it('J2 meta.resourceType restricts, without a search of the other types', async () => {
      for (const [filter, expected, base] of [
        ['meta.resourceType eq "User"', ['ulrich', 'ursula', 'ute'], place.groupsDn],
        ['meta.resourceType eq "Group"', ['Boreas', 'Demeter'], place.peopleDn],
        ['meta.resourceType eq "User" and displayName sw "A"', ['ulrich'], place.groupsDn],
        [
          '(meta.resourceType eq "User" and title pr) or meta.resourceType eq "Robot"',
          ['ulrich', 'ursula', 'ute'],
          place.groupsDn,
        ],
      ] as const) {
        const sent = await served.record(async () => {
          assert.deepEqual(await matching(filter), expected, filter);
        });
        // Groups of the users shown are looked up by their members, and members by their ids (Active Directory).
        const others = sent.filter(
          ({ request }) => request['base'] === base && !/"member"|"objectGUID"/.test(JSON.stringify(request['filter'])),
        );
        assert.deepEqual(others, [], filter);
      }
      assert.deepEqual(await matching('meta.resourceType eq "Robot"'), []);
      assert.deepEqual(
        await served.record(() => served.scim('GET', `/?filter=${encodeURIComponent('meta.resourceType eq "Robot"')}`)),
        [],
      );
    });

    it('K3 K6 attributes and excludedAttributes mean what they mean in each type', async () => {
      const named = resourcesOf(await search({ attributes: 'userName,members.value' }));
      for (const resource of named) {
        const { schemas: _schemas, id, ...rest } = resource;
        const key = names.get(id) ?? '';
        assert.deepEqual(
          rest,
          key.startsWith('u') ? { userName: key } : { members: [{ value: ids['ute'] }] },
          JSON.stringify(resource),
        );
      }
      for (const resource of resourcesOf(await search({ excludedAttributes: 'members,groups,title' }))) {
        for (const key of ['members', 'groups', 'title']) assert.equal(resource[key], undefined);
        assert.ok('displayName' in resource);
      }
    });

    it('refuses what no type understands', async () => {
      for (const [query, scimType] of [
        ['filter=userName eq', 'invalidFilter'],
        ['filter=active gt true', 'invalidFilter'],
        ['filter=password eq "x"', 'invalidFilter'],
        ['sortBy=shoeSize', 'invalidValue'],
        ['sortBy=password', 'invalidValue'],
        ['count=x', 'invalidValue'],
        ['attributes=id&excludedAttributes=id', 'invalidValue'],
      ] as const) {
        const { status, body } = await served.scim('GET', `/?${query.replaceAll(' ', '%20')}`);
        assert.deepEqual([status, body['scimType']], [400, scimType], query);
      }
      const { status } = await served.scim('POST', '/.search', { schemas: [urns.patchOp] });
      assert.equal(status, 400);
    });
  });
}
