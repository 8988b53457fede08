// Bulk requests (RFC 7644 s3.7) through HTTP, and what of them arrives in the directory.
import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type Answer, type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

interface Result {
  readonly method?: string;
  readonly bulkId?: string;
  readonly location?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: { readonly status: string; readonly scimType?: string; readonly detail: string };
}

const enterprise = urns.enterpriseUser;

export function describeBulk(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`bulk on ${name}`, () => {
    let served: ServedGateway;
    let place: LifeCycleDirectory;

    before(async () => {
      place = await start();
      served = await servePlace(place, { limits: { maxOperations: 200 } });
    });
    after(async () => {
      await served.stop();
    });

    const send = (operations: JsonValue, more: JsonObject = {}): Promise<Answer> =>
      served.scim('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations: operations, ...more });
    const bulk = async (operations: readonly JsonObject[], more: JsonObject = {}): Promise<readonly Result[]> => {
      const { status, body } = await send(operations, more);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual(body['schemas'], [urns.bulkResponse]);
      return body['Operations'] as unknown as readonly Result[];
    };
    const post = (bulkId: string, type: 'User' | 'Group', data: JsonObject): JsonObject => ({
      method: 'POST',
      path: `/${type}s`,
      bulkId,
      data: { schemas: [type === 'User' ? urns.user : urns.group], ...data },
    });
    const user = (userName: string, more: JsonObject = {}) => post(userName, 'User', { userName, ...more });
    const group = (displayName: string, members: readonly string[] = []) =>
      post(displayName, 'Group', { displayName, members: members.map((value) => ({ value })) });
    const patch = (path: string, ...operations: readonly JsonObject[]): JsonObject => ({
      method: 'PATCH',
      path,
      data: { schemas: [urns.patchOp], Operations: operations },
    });
    const statuses = (results: readonly Result[]): string[] => results.map(({ status }) => status);
    const idOf = (result: Result | undefined): string => result?.location?.split('/').at(-1) ?? '';
    const read = async (path: string): Promise<JsonObject> => (await served.scim('GET', path)).body;
    const memberIds = async (id: string): Promise<string[]> =>
      (((await read(`/Groups/${id}`))['members'] ?? []) as unknown as { value: string }[])
        .map(({ value }) => value)
        .sort();

    it('M2 M7 M8 M9 M10 one result for each operation, in their order', async () => {
      const [kept] = await bulk([user('order-kept')]);
      const [gone] = await bulk([user('order-gone')]);
      const results = await bulk(
        [
          user('order-new'),
          patch(`/Users/${idOf(kept)}`, { op: 'replace', path: 'title', value: 'Guide' }),
          { method: 'DELETE', path: `/Users/${idOf(gone)}` },
          {
            method: 'put',
            path: `/Users/${idOf(kept)}`,
            bulkId: 'mine',
            data: { schemas: [urns.user], userName: 'order-kept', nickName: 'Nick' },
          },
          user('order-new'),
          { method: 'DELETE', path: `/Users/${idOf(gone)}` },
        ].map((each, index) => (index === 4 ? { ...each, bulkId: 'again' } : each)),
      );
      assert.deepEqual(
        results.map(({ method, bulkId, status }) => [method, bulkId, status]),
        [
          ['POST', 'order-new', '201'],
          ['PATCH', undefined, '200'],
          ['DELETE', undefined, '204'],
          ['PUT', 'mine', '200'],
          ['POST', 'again', '409'],
          ['DELETE', undefined, '404'],
        ],
      );
      const stored = await served.scim('GET', `/Users/${idOf(results[0])}`);
      assert.equal(results[0]?.location, `${served.url}/Users/${String(stored.body['id'])}`);
      assert.equal(results[0]?.version, stored.headers.get('etag'));
      assert.equal(results[3]?.version, (await served.scim('GET', `/Users/${idOf(kept)}`)).headers.get('etag'));
      assert.deepEqual([results[1]?.location, results[2]?.location], [kept?.location, gone?.location]);
      assert.equal(results[4]?.location, undefined);
      assert.equal(results[5]?.location, gone?.location);
      assert.deepEqual([results[4]?.response?.status, results[4]?.response?.scimType], ['409', 'uniqueness']);
      assert.equal(results[0]?.response, undefined);
      const { title, nickName } = await read(`/Users/${idOf(kept)}`);
      assert.deepEqual([title, nickName], [undefined, 'Nick']);
    });

    it('M12 references to what the same request creates, before and after', async () => {
      const results = await bulk([
        group('ref-team', ['bulkId:ref-a', 'bulkId:ref-b']),
        user('ref-a', { [enterprise]: { manager: { value: 'bulkId:ref-b' } }, title: 'bulkId:ref-b' }),
        user('ref-b'),
        patch('/Groups/bulkId:ref-team', { op: 'remove', path: 'members[value eq "bulkId:ref-b"]' }),
        user('ref-c'),
        patch('/Groups/bulkId:ref-team', { op: 'add', path: 'members', value: [{ value: 'bulkId:ref-c' }] }),
        patch('/Users/bulkId:ref-c', { op: 'add', path: `${enterprise}:manager`, value: 'bulkId:ref-a' }),
        patch('/Users/bulkId:ref-b', { op: 'add', value: { [enterprise]: { manager: { value: 'bulkId:ref-c' } } } }),
      ]);
      assert.deepEqual(
        statuses(results),
        ['201', '201', '201', '200', '201', '200', '200', '200'],
        JSON.stringify(results),
      );
      const [team, a, b, , c] = results.map(idOf);
      assert.deepEqual(await memberIds(team ?? ''), [a, c].sort());
      const managerOf = async (id = ''): Promise<unknown> =>
        ((await read(`/Users/${id}`))[enterprise] as { manager?: { value: string } } | undefined)?.manager?.value;
      assert.deepEqual([await managerOf(a), await managerOf(b), await managerOf(c)], [b, c, a]);
      assert.equal((await read(`/Users/${a}`))['title'], 'bulkId:ref-b');
      assert.equal(results[3]?.location, results[0]?.location);
    });

    it('M13 what refers to nothing, or to what failed, fails with 409 alone', async () => {
      const results = await bulk([
        group('lost-1', ['bulkId:nobody']),
        group('lost-2', ['bulkId:bad']),
        post('bad', 'User', {}),
        { method: 'DELETE', path: '/Users/bulkId:bad' },
        group('found'),
        patch('/Groups/bulkId:found', { op: 'remove', path: 'members[value eq "bulkId:bad"]' }),
        patch('/Groups/bulkId:found', { op: 'add', value: { members: [{ value: 'bulkId:nobody' }] } }),
      ]);
      assert.deepEqual(statuses(results), ['409', '409', '400', '409', '201', '409', '409']);
      assert.match(results[0]?.response?.detail ?? '', /"nobody"/);
      const list = await read(`/Groups?filter=${encodeURIComponent('displayName sw "lost-"')}`);
      assert.equal(list['totalResults'], 0);
    });

    it('M14 groups that contain one another, and one that contains itself', async () => {
      const results = await bulk([
        group('circle-a', ['bulkId:circle-b', 'bulkId:circle-user']),
        user('circle-user'),
        group('circle-b', ['bulkId:circle-c']),
        group('circle-c', ['bulkId:circle-a', 'bulkId:circle-user', 'bulkId:circle-c']),
      ]);
      assert.deepEqual(statuses(results), ['201', '201', '201', '201'], JSON.stringify(results));
      const [a = '', someone = '', b = '', c = ''] = results.map(idOf);
      assert.deepEqual(await memberIds(a), [b, someone].sort());
      assert.deepEqual(await memberIds(b), [c]);
      assert.deepEqual(await memberIds(c), [a, c, someone].sort());
      for (const [index, id] of [a, b, c].entries()) {
        const { headers } = await served.scim('GET', `/Groups/${id}`);
        // Where joining changes the member, too: two of the three join another after their own result.
        if (place.joiningChanges !== true) assert.equal(results[[0, 2, 3][index] ?? 0]?.version, headers.get('etag'));
      }
    });

    it('M14 a manager who reports to whom they manage', async () => {
      const results = await bulk([
        user('loop-a', { [enterprise]: { manager: { value: 'bulkId:loop-b' }, department: 'D' } }),
        user('loop-b', { [enterprise]: { manager: { value: 'bulkId:loop-a' } } }),
      ]);
      assert.deepEqual(statuses(results), ['201', '201'], JSON.stringify(results));
      const [a = '', b = ''] = results.map(idOf);
      const extensionOf = async (id: string) => (await read(`/Users/${id}`))[enterprise] as JsonObject;
      assert.equal(((await extensionOf(a))['manager'] as JsonObject)['value'], b);
      assert.equal((await extensionOf(a))['department'], 'D');
      assert.equal(((await extensionOf(b))['manager'] as JsonObject)['value'], a);
    });

    it('M13 M14 a circle that cannot be closed leaves nothing of what lacks a reference', async () => {
      const results = await bulk([
        group('broken-a', ['bulkId:broken-b']),
        post('broken-b', 'Group', { members: [{ value: 'bulkId:broken-a' }] }),
      ]);
      assert.deepEqual(statuses(results), ['409', '400']);
      const swapped = await bulk([
        post('broken-d', 'Group', { members: [{ value: 'bulkId:broken-c' }] }),
        group('broken-c', ['bulkId:broken-d']),
        patch('/Groups/bulkId:broken-c', { op: 'replace', path: 'displayName', value: 'broken-e' }),
      ]);
      assert.deepEqual(statuses(swapped), ['400', '409', '409']);
      assert.equal(swapped[1]?.location, undefined);
      const stopped = await bulk(
        [
          post('broken-f', 'Group', { members: [{ value: 'bulkId:broken-g' }] }),
          group('broken-g', ['bulkId:broken-f']),
          group('broken-h'),
        ],
        { failOnErrors: 1 },
      );
      assert.deepEqual(statuses(stopped), ['400', '409']);
      const list = await read(`/Groups?filter=${encodeURIComponent('displayName sw "broken-"')}`);
      assert.equal(list['totalResults'], 0);
    });

    it('M11 M18 goes on after errors, and stops after failOnErrors of them', async () => {
      const operations = [
        user('stop-1'),
        post('stop-bad-1', 'User', {}),
        user('stop-2'),
        { method: 'GET', path: '/Users' },
        user('stop-3'),
      ];
      assert.deepEqual(statuses(await bulk(operations, { failOnErrors: 2 })), ['201', '400', '201', '400']);
      assert.deepEqual(statuses(await bulk(operations, { failOnErrors: 1 })), ['409']);
      const list = await read(`/Users?filter=${encodeURIComponent('userName sw "stop-"')}`);
      assert.equal(list['totalResults'], 2);
      assert.deepEqual(statuses(await bulk(operations)), ['409', '400', '409', '400', '201']);
    });

    it('M17 what touches the same resource, or the same name, keeps its order', async () => {
      const count = 30;
      const results = await bulk([
        user('same', { title: '0' }),
        ...Array.from({ length: count }, (_, index) =>
          patch('/Users/bulkId:same', { op: 'replace', path: 'title', value: String(index + 1) }),
        ),
        { ...user('same'), bulkId: 'too-early' },
        { method: 'DELETE', path: '/Users/bulkId:same' },
        { ...user('same', { title: 'second' }), bulkId: 'second' },
        group('same-team', ['bulkId:second']),
        { method: 'DELETE', path: '/Users/bulkId:second' },
      ]);
      assert.deepEqual(statuses(results), [
        '201',
        ...Array.from({ length: count }, () => '200'),
        '409',
        '204',
        '201',
        '201',
        '204',
      ]);
      assert.deepEqual(await memberIds(idOf(results.at(-2))), []);
      const renamed = await bulk([
        user('old-name'),
        patch('/Users/bulkId:old-name', { op: 'replace', path: 'userName', value: 'new-name' }),
        { ...user('old-name', { title: 'heir' }), bulkId: 'heir' },
      ]);
      assert.deepEqual(statuses(renamed), ['201', '200', '201']);
      assert.equal((await read(`/Users/${idOf(renamed[0])}`))['userName'], 'new-name');
    });

    it('M19 version is what If-Match is', async () => {
      const [made] = await bulk([user('versioned')]);
      const path = `/Users/${idOf(made)}`;
      const change = (value: string) => patch(path, { op: 'replace', path: 'title', value });
      const results = await bulk([
        { ...change('fresh'), version: made?.version },
        { ...change('stale'), version: made?.version },
        { method: 'DELETE', path, version: 'W/"stale"' },
      ]);
      assert.deepEqual(statuses(results), ['200', '412', '412']);
      assert.equal((await read(path))['title'], 'fresh');
    });

    it('Q10 O3 M9 nothing of a password comes back', async () => {
      const secret = 'tH3-secret-of-bulk';
      const { body } = await send([
        user('secret-1', { password: secret }),
        post('secret-2', 'User', { password: secret, userName: 7 }),
      ]);
      assert.ok(!JSON.stringify(body).includes(secret));
      assert.ok(!JSON.stringify(served.observations).includes(secret));
    });

    it('the audit has each change', async () => {
      const before = served.observations.length;
      await bulk([user('audit-1'), user('audit-2'), { method: 'DELETE', path: '/Users/bulkId:audit-1' }]);
      const changes = served.observations.slice(before).filter((each) => each.kind === 'change');
      assert.deepEqual(changes.map(({ operation }) => operation).sort(), ['create', 'create', 'delete']);
    });

    it('M15 M21 messages that are refused whole', async () => {
      for (const [body, status, scimType] of [
        [[], 400, 'invalidSyntax'],
        [{ schemas: [urns.bulkRequest] }, 400, 'invalidSyntax'],
        [{ schemas: [urns.bulkRequest], Operations: Array.from({ length: 201 }, () => ({})) }, 413, undefined],
      ] as const) {
        const answer = await served.scim('POST', '/Bulk', body);
        assert.deepEqual([answer.status, answer.body['scimType']], [status, scimType], JSON.stringify(answer.body));
        if (status === 413) assert.match(String(answer.body['detail']), /200/);
      }
    });

    it('200 operations side by side', async () => {
      const results = await bulk([
        ...Array.from({ length: 150 }, (_, index) => user(`many-${index}`)),
        group(
          'many',
          Array.from({ length: 150 }, (_, index) => `bulkId:many-${index}`),
        ),
      ]);
      assert.deepEqual([...new Set(statuses(results))], ['201']);
      assert.equal((await memberIds(idOf(results.at(-1)))).length, 150);
    });
  });
}
