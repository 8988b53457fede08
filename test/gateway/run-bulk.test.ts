// Bulk over a gateway in memory whose operations take their time: side by side or one by one, the results are the same.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { runBulk } from '../../src/gateway/run-bulk.ts';
import type { BulkResult } from '../../src/scim/bulk/bulk.ts';
import { parseBulk } from '../../src/scim/bulk/parse-bulk.ts';
import { ScimError } from '../../src/scim/error.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply-patch.ts';
import { interop } from '../../src/scim/profile.ts';
import type { ScimRequest, ScimResponse } from '../../src/scim/request.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { urns } from '../../src/scim/urns.ts';
import { groupType, userType } from '../scim/sample.ts';

const baseUrl = 'https://scim.example.com';
const types = [userType, groupType];

interface MemoryGateway extends Gateway {
  /** By type and id. */
  readonly stored: Map<string, Resource>;
  /** Most operations that were under way at once. */
  readonly busiest: () => number;
}

/** Names are unique, members must exist and go with the user. `pause` gives the turns that each operation waits. */
function memoryGateway(pause: () => number): MemoryGateway {
  const stored = new Map<string, Resource>([
    ['User 1', { userName: 'first' }],
    ['User 2', { userName: 'second' }],
    ['Group 3', { displayName: 'team', members: [{ value: '1' }] }],
  ]);
  let [running, busiest] = [0, 0];
  const given = new Map<string, number>();
  /** Independent of what else is created. */
  const newId = ({ userName, displayName }: Resource): string => {
    const name = String(userName ?? displayName);
    given.set(name, (given.get(name) ?? 0) + 1);
    return `${name}-${given.get(name)}`;
  };
  const put = (type: string, id: string, resource: Resource): void => {
    const name = type === 'User' ? 'userName' : 'displayName';
    for (const [key, other] of stored) {
      if (key.startsWith(type) && key !== `${type} ${id}` && other[name] === resource[name]) {
        throw new ScimError(409, 'uniqueness', 'Taken.');
      }
    }
    for (const { value } of membersOf(resource)) {
      if (!stored.has(`User ${value}`) && !stored.has(`Group ${value}`))
        throw new ScimError(400, 'invalidValue', 'None.');
    }
    stored.set(`${type} ${id}`, resource);
  };
  const apply = (request: ScimRequest, id: string): number => {
    if (request.operation === 'search' || request.operation === 'searchAll' || request.operation === 'read') return 500;
    const type = request.resourceType.name;
    if (request.operation === 'create') {
      put(type, id, request.resource);
      return 201;
    }
    const before = stored.get(`${type} ${request.id}`);
    if (before === undefined) throw new ScimError(404, undefined, 'None.');
    if (request.operation === 'delete') {
      stored.delete(`${type} ${request.id}`);
      for (const [key, resource] of stored) {
        const members = membersOf(resource).filter(({ value }) => value !== request.id);
        if (resource['members'] !== undefined)
          stored.set(key, { ...resource, members: members.map((each) => ({ ...each })) });
      }
      return 204;
    }
    const after =
      request.operation === 'replace'
        ? request.resource
        : applyPatch(before, request.operations, request.resourceType, interop);
    put(type, request.id, after);
    return 200;
  };
  return {
    stored,
    busiest: () => busiest,
    resourceTypes: types,
    schemas: [],
    limits: { defaultCount: 1, maxCount: 1, maxScan: 1, cursorSeconds: 600, maxOperations: 1000 },
    async run(request): Promise<ScimResponse> {
      running += 1;
      busiest = Math.max(busiest, running);
      try {
        for (let turn = pause(); turn > 0; turn -= 1) await new Promise(setImmediate);
        const id = request.operation === 'create' ? newId(request.resource) : '';
        const status = apply(request, id);
        if (request.operation !== 'create') return { status };
        return { status, body: { id }, location: `${baseUrl}${request.resourceType.endpoint}/${id}` };
      } finally {
        running -= 1;
      }
    },
    ping: () => Promise.resolve(),
    tellState: () => undefined,
    close: () => Promise.resolve(),
  };
}

function membersOf(resource: Resource): readonly { readonly value: string }[] {
  return (resource['members'] ?? []) as unknown as readonly { readonly value: string }[];
}

async function run(
  gateway: Gateway,
  operations: readonly JsonObject[],
  failOnErrors?: number,
  signal = new AbortController().signal,
  explained: unknown[] = [],
): Promise<readonly BulkResult[]> {
  const message = { schemas: [urns.bulkRequest], Operations: operations, failOnErrors };
  const request = parseBulk(message, { types, baseUrl, maxOperations: 1000 });
  return await runBulk(request, {
    gateway,
    context: { baseUrl, profile: interop, requestId: '1', access: undefined, signal },
    explain(thrown) {
      explained.push(thrown);
      return thrown instanceof ScimError ? thrown : new ScimError(500, undefined, String(thrown));
    },
  });
}

const userNames = fc.constantFrom('ann', 'bob', 'first');
const references = fc.constantFrom('1', '2', '3', 'bulkId:0', 'bulkId:1', 'bulkId:2', 'bulkId:3', 'bulkId:9');
const targets = fc.constantFrom('1', '2', 'bulkId:0', 'bulkId:1', 'bulkId:2');
const patchOf = (path: string, operation: JsonObject): JsonObject => ({
  method: 'PATCH',
  path,
  data: { schemas: [urns.patchOp], Operations: [operation] },
});

const anyOperation: fc.Arbitrary<JsonObject> = fc.oneof(
  userNames.map((userName) => ({ method: 'POST', path: '/Users', data: { schemas: [urns.user], userName } })),
  fc
    .tuple(fc.constantFrom('team', 'crew', 'gang'), fc.array(references, { maxLength: 2 }))
    .map(([displayName, ids]) => ({
      method: 'POST',
      path: '/Groups',
      data: { schemas: [urns.group], displayName, members: ids.map((value) => ({ value })) },
    })),
  fc.tuple(targets, userNames).map(([id, userName]) => ({
    method: 'PUT',
    path: `/Users/${id}`,
    data: { schemas: [urns.user], userName },
  })),
  fc
    .tuple(targets, fc.constantFrom('x', 'y'))
    .map(([id, value]) => patchOf(`/Users/${id}`, { op: 'replace', path: 'title', value })),
  fc
    .tuple(targets, userNames)
    .map(([id, value]) => patchOf(`/Users/${id}`, { op: 'replace', path: 'userName', value })),
  references.map((value) => patchOf('/Groups/3', { op: 'add', path: 'members', value: [{ value }] })),
  references.map((value) => patchOf('/Groups/3', { op: 'remove', path: `members[value eq "${value}"]` })),
  targets.map((id) => ({ method: 'DELETE', path: `/Users/${id}` })),
);

describe('runBulk', () => {
  it('M17 side by side or one by one, the results are the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyOperation, { minLength: 1, maxLength: 10 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }),
        async (operations, pauses) => {
          const numbered = operations.map((each, index) => ({ ...each, bulkId: String(index) }));
          let turn = 0;
          const together = memoryGateway(() => pauses[turn++ % pauses.length] ?? 0);
          const single = memoryGateway(() => 0);
          const [results, expected] = [await run(together, numbered), await run(single, numbered, 1000)];
          const shown = (all: readonly BulkResult[]) => all.map(({ status, location }) => [status, location]);
          assert.deepEqual(shown(results), shown(expected));
          const stateOf = (gateway: MemoryGateway) =>
            [...gateway.stored]
              .map(([key, resource]) => [
                key,
                {
                  ...resource,
                  members: membersOf(resource)
                    .map(({ value }) => value)
                    .sort(),
                },
              ])
              .sort();
          assert.deepEqual(stateOf(together), stateOf(single));
          assert.ok(single.busiest() <= 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('runs some at once, and no more than that', async () => {
    const gateway = memoryGateway(() => 3);
    const users = Array.from({ length: 40 }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: String(index),
      data: { schemas: [urns.user], userName: `user-${index}` },
    }));
    const results = await run(gateway, users);
    assert.ok(results.every(({ status }) => status === 201));
    assert.equal(gateway.busiest(), 8);
  });

  it('M14 what cannot be completed and cannot be taken back is found by its location', async () => {
    const memory = memoryGateway(() => 0);
    const failures = { patch: new ScimError(503, undefined, 'Down.'), delete: new Error('Down too.') };
    const gateway: Gateway = {
      ...memory,
      async run(request, context) {
        if (request.operation === 'patch' || request.operation === 'delete') throw failures[request.operation];
        return { ...(await memory.run(request, context)), version: '1' };
      },
    };
    const group = { schemas: [urns.group], displayName: 'loop', members: [{ value: 'bulkId:g' }] };
    const explained: unknown[] = [];
    const operations = [{ method: 'POST', path: '/Groups', bulkId: 'g', data: group }];
    const results = await run(gateway, operations, undefined, undefined, explained);
    assert.deepEqual(results, [
      { method: 'POST', bulkId: 'g', location: `${baseUrl}/Groups/loop-1`, status: 503, error: failures.patch },
    ]);
    assert.deepEqual(explained, [failures.patch, failures.delete]);
  });

  it('rejects where the request is given up, and begins nothing more', async () => {
    for (const [count, last] of [
      [30, 3],
      [1, 1],
    ] as const) {
      const controller = new AbortController();
      let calls = 0;
      const gateway: Gateway = {
        ...memoryGateway(() => 0),
        run: () => {
          calls += 1;
          if (calls === last) controller.abort(new Error('gone'));
          return Promise.reject(new ScimError(500, undefined, 'aborted'));
        },
      };
      const operations = Array.from({ length: count }, (_, index) => ({ method: 'DELETE', path: `/Users/${index}` }));
      await assert.rejects(run(gateway, operations, undefined, controller.signal), /gone/);
      assert.ok(calls <= 8, String(calls));
    }
  });
});
