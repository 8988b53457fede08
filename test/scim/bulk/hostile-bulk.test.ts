// Whatever is sent: a message is refused with 400 or 413, or it has a plan; nothing else ever happens.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapReferences, postponeReferences, referencesOf } from '../../../src/scim/bulk/bulk-references.ts';
import { parseBulk } from '../../../src/scim/bulk/parse-bulk.ts';
import { planBulk } from '../../../src/scim/bulk/plan-bulk.ts';
import { ScimError } from '../../../src/scim/error.ts';
import { isJsonObject, type JsonValue } from '../../../src/scim/json.ts';
import { urns } from '../../../src/scim/urns.ts';
import { enterprise, groupType, userType } from '../sample.ts';

const word = fc.constantFrom(
  'bulkId:a',
  'bulkId:b',
  'a',
  '__proto__',
  'constructor',
  'members',
  'members[value eq "bulkId:a"]',
  'members[value eq "bulkId:a',
  'members[value eq "\\ud800"].value',
  `${enterprise}:manager`,
  enterprise,
  'value',
  'Operations',
  'path',
  'op',
  '/Users/bulkId:a',
  '/Groups',
  '\u0000',
);
const anything: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.constantFrom(null, true, 0, -1, 1.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const operation: fc.Arbitrary<JsonValue> = fc.oneof(
  anything,
  fc.record(
    {
      method: fc.oneof(fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'), anything),
      path: fc.oneof(fc.constantFrom('/Users', '/Groups', '/Groups/1', '/Users/bulkId:a'), anything),
      bulkId: fc.oneof(fc.constantFrom('a', 'b'), anything),
      data: fc.oneof(
        fc.record({ members: anything, Operations: fc.array(anything) }, { noNullPrototype: true }),
        anything,
      ),
      version: anything,
    },
    { requiredKeys: ['method', 'path'], noNullPrototype: true },
  ),
);
const scope = { types: [userType, groupType], baseUrl: 'https://scim.example.com/v2', maxOperations: 4 };

describe('hostile bulk requests', () => {
  it('are refused, or planned with every operation once', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), fc.option(anything), (operations, failOnErrors) => {
        const body = { schemas: [urns.bulkRequest], Operations: operations, failOnErrors };
        try {
          const request = parseBulk(body, scope);
          const runs = planBulk(request.operations).filter(({ kind }) => kind === 'run');
          assert.deepEqual(new Set(runs.map(({ index }) => index)), new Set(operations.keys()));
          assert.equal(runs.length, operations.length);
        } catch (error) {
          assert.ok(error instanceof ScimError && [400, 413].includes(error.status), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('P13 keep their data but for references, and leave Object.prototype alone', () => {
    const names = Object.getOwnPropertyNames(Object.prototype).sort();
    fc.assert(
      fc.property(anything, fc.constantFrom('POST', 'PUT', 'PATCH'), fc.boolean(), (data, method, ofUser) => {
        const resourceType = ofUser ? userType : groupType;
        const each = { method, resourceType, data } as const;
        assert.deepEqual(
          mapReferences(each, (reference) => reference),
          data,
        );
        assert.ok(referencesOf(each).every((reference) => typeof reference === 'string'));
        if (!isJsonObject(data)) return;
        const nothing = postponeReferences(data, resourceType, () => false);
        assert.deepEqual([nothing.data, nothing.patch['Operations']], [data, []]);
        const postponed = postponeReferences(data, resourceType, () => true);
        assert.deepEqual(referencesOf({ method: 'POST', resourceType, data: postponed.data }), []);
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), names);
  });
});
