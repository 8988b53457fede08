import assert from 'node:assert/strict';
import { parseJson } from '../../../src/http/read-json.ts';
import { parentDn, parseDn } from '../../../src/ldap/dn.ts';
import type { AddRequest } from '../../../src/ldap/operations.ts';
import { decodeRequest } from '../../../src/ldap/protocol/decode-request.ts';
import { encodeRequest } from '../../../src/ldap/protocol/encode-request.ts';
import { planAdd } from '../../../src/mapping/plan-write.ts';
import { noReferences } from '../../../src/mapping/references.ts';
import { parseBulk } from '../../../src/scim/bulk/parse-bulk.ts';
import { parseCreate, parseReplace, parseSearch } from '../../../src/scim/parse-request.ts';
import { interop } from '../../../src/scim/profile.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { filterWords, refusable, scimWords, shippedMapping } from './shared.ts';

/** A body: octets to JSON, JSON to every request that has one, a create further to the octets of its add. */
export const body: FuzzTarget = {
  name: 'body',
  shape: 'json',
  dictionary: [...scimWords, ...filterWords, 'ou=x,', 'dc=evil', '\\2c', 'filter', 'Operations', 'count', 'bulkId:x'],
  weight: 14,
  async prepare() {
    const { resourceTypes } = await shippedMapping();
    const types = resourceTypes.map(({ type }) => type);
    const context = { references: noReferences, now: 0 };
    return (input) => {
      const value = refusable(() => parseJson(input.toString('utf8')));
      if (value === undefined) return;
      assert.deepEqual(JSON.parse(input.toString('utf8')), value);
      const limits = { defaultCount: 10, maxCount: 100 };
      refusable(() => parseBulk(value, { types, baseUrl: 'https://scim.example.com', maxOperations: 100 }));
      for (const mapping of resourceTypes) {
        const parts = { resourceType: mapping.type, profile: interop, parameters: [], body: value };
        refusable(() => parseSearch({ ...parts, limits }));
        refusable(() => parseReplace({ ...parts, id: 'x' }));
        const create = refusable(() => parseCreate(parts));
        if (create === undefined) continue;
        const add = refusable(() => planAdd(mapping, create.resource, context, new Map()));
        if (add !== undefined) checkAdd(add, mapping.placement.otherwise);
      }
    };
  },
};

function checkAdd(add: AddRequest, place: string): void {
  assert.equal(parentDn(add.dn), place, 'no value leads out of the place of new entries');
  assert.equal(parseDn(add.dn)[0]?.length, 1, 'no value is read as a part of a name');
  const { request } = decodeRequest(encodeRequest(1, { kind: 'add', ...add }));
  assert.ok(request.kind === 'add');
  const shape = ({ attributes }: AddRequest) => attributes.map(({ type, values }) => [type, values.length]);
  assert.deepEqual(shape(request), shape(add));
}
