// What Okta's SPEC suite asks of a server before an application may be submitted, in own words: a flow of requests over
// users and groups, each resting on the ones before.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import { urns } from '../../../src/scim/urns.ts';
import type { Judge, Target, Verdict } from './judge.ts';

interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

type Send = (method: string, path: string, body?: JsonObject) => Promise<Reply>;

interface Step {
  readonly title: string;
  run(): Promise<void>;
}

export const oktaSpec: Judge = {
  name: 'Okta SPEC flow',
  prepare: () => Promise.resolve(undefined),
  async judge(target) {
    const verdicts: Verdict[] = [];
    for (const { title, run } of steps(sender(target))) {
      try {
        await run();
        verdicts.push({ title, outcome: 'passed' });
      } catch (error) {
        verdicts.push({ title, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return verdicts;
  },
};

function sender({ url, token }: Target): Send {
  return async (method, path, body) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/scim+json',
      'Content-Type': 'application/scim+json; charset=utf-8',
      'User-Agent': 'Okta SCIM Client 1.0.0',
    };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as JsonObject) };
  };
}

function steps(send: Send): readonly Step[] {
  const userName = `okta.${randomUUID()}@example.com`;
  const body: JsonObject = {
    schemas: [urns.user],
    userName,
    name: { givenName: 'Okta', familyName: 'Runscope' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'Okta Runscope',
    active: true,
  };
  let listed = '';
  let created = '';
  let groupId = '';
  const find = async (name: string): Promise<readonly JsonObject[]> => {
    const { status, body: list } = await send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`);
    assert.equal(status, 200);
    assertList(list);
    return resources(list);
  };
  return [
    {
      title: 'a page of one user, with what Okta needs of it',
      async run() {
        const { status, body: list } = await send('GET', '/Users?count=1&startIndex=1');
        assert.equal(status, 200);
        assertList(list);
        const [user] = resources(list);
        assertUser(user);
        assert.deepEqual([list['itemsPerPage'], list['startIndex']], [1, 1]);
        listed = String(user?.['id']);
      },
    },
    {
      title: 'that user by its id',
      async run() {
        const { status, body: user } = await send('GET', `/Users/${listed}`);
        assert.equal(status, 200);
        assertUser(user);
        assert.equal(user['id'], listed);
      },
    },
    {
      title: 'a filter for a name that does not exist is an empty list',
      run: async () => assert.deepEqual(await find(`nobody.${randomUUID()}@example.com`), []),
    },
    {
      title: 'a user id that does not exist is 404 with an error',
      async run() {
        const { status, body: error } = await send('GET', `/Users/${randomUUID()}`);
        assert.deepEqual([status, error['schemas'], error['status']], [404, [urns.error], '404']);
      },
    },
    {
      title: 'the name of a user to come is free',
      run: async () => assert.deepEqual(await find(userName), []),
    },
    {
      title: 'a user is created',
      async run() {
        const { status, body: user } = await send('POST', '/Users', body);
        assert.equal(status, 201);
        assertUser(user);
        assert.deepEqual([user['userName'], user['active']], [userName, true]);
        created = String(user['id']);
      },
    },
    {
      title: 'and read back',
      async run() {
        const { status, body: user } = await send('GET', `/Users/${created}`);
        assert.equal(status, 200);
        assert.deepEqual([user['userName'], (user['name'] as JsonObject)['familyName']], [userName, 'Runscope']);
      },
    },
    {
      title: 'the same user again is 409',
      async run() {
        const { status, body: error } = await send('POST', '/Users', body);
        assert.deepEqual([status, error['schemas'], error['scimType']], [409, [urns.error], 'uniqueness']);
      },
    },
    {
      title: 'its name is found in any letter case',
      async run() {
        for (const name of [userName, userName.toUpperCase()]) {
          const found = await find(name);
          assert.deepEqual(
            found.map(({ id }) => id),
            [created],
          );
        }
      },
    },
    {
      title: 'groups are listed',
      async run() {
        const { status, body: list } = await send('GET', '/Groups?startIndex=1&count=100');
        assert.equal(status, 200);
        assertList(list);
      },
    },
    {
      title: 'a group is created, filled, emptied and deleted',
      async run() {
        const displayName = `okta-${randomUUID()}`;
        const answer = await send('POST', '/Groups', { schemas: [urns.group], displayName, members: [] });
        assert.equal(answer.status, 201);
        groupId = String(answer.body['id']);
        const patch = async (operation: JsonObject): Promise<readonly JsonValue[]> => {
          const { status } = await send('PATCH', `/Groups/${groupId}`, {
            schemas: [urns.patchOp],
            Operations: [operation],
          });
          assert.ok(status === 200 || status === 204, String(status));
          const { body: group } = await send('GET', `/Groups/${groupId}`);
          assert.equal(group['displayName'], displayName);
          return ((group['members'] ?? []) as unknown as JsonObject[]).map(({ value }) => value ?? '');
        };
        assert.deepEqual(await patch({ op: 'add', path: 'members', value: [{ value: created, display: 'x' }] }), [
          created,
        ]);
        assert.deepEqual(await patch({ op: 'remove', path: `members[value eq "${created}"]` }), []);
        assert.equal((await send('DELETE', `/Groups/${groupId}`)).status, 204);
        assert.equal((await send('GET', `/Groups/${groupId}`)).status, 404);
      },
    },
    {
      title: 'the user is deactivated by PUT and by PATCH, and still there',
      async run() {
        const off = await send('PUT', `/Users/${created}`, { ...body, active: false });
        assert.deepEqual([off.status, off.body['active']], [200, false]);
        const on = { schemas: [urns.patchOp], Operations: [{ op: 'replace', value: { active: true } }] };
        assert.equal((await send('PATCH', `/Users/${created}`, on)).body['active'], true);
        assert.equal((await send('DELETE', `/Users/${created}`)).status, 204);
      },
    },
  ];
}

function resources(list: JsonObject): readonly JsonObject[] {
  return (list['Resources'] ?? []) as unknown as readonly JsonObject[];
}

function assertList(list: JsonObject): void {
  assert.deepEqual(list['schemas'], [urns.listResponse]);
  for (const name of ['totalResults', 'startIndex', 'itemsPerPage']) assert.equal(typeof list[name], 'number', name);
}

function assertUser(user: JsonObject | undefined): void {
  assert.ok(user !== undefined, 'no user');
  assert.ok((user['schemas'] as unknown as string[]).includes(urns.user));
  const { givenName, familyName } = (user['name'] ?? {}) as JsonObject;
  const [email] = (user['emails'] ?? []) as unknown as JsonObject[];
  for (const text of [user['id'], user['userName'], givenName, familyName, email?.['value']]) {
    assert.ok(typeof text === 'string' && text !== '', JSON.stringify(user));
  }
  assert.equal(typeof user['active'], 'boolean');
}
