import assert from 'node:assert/strict';
import { findBlamedAttribute } from '../../src/gateway/blamed-attribute.ts';
import { compileShipped } from '../mapping/compiled.ts';

describe('findBlamedAttribute', () => {
  const rows: readonly [string, string | undefined][] = [
    ['mail: value #0 invalid per syntax', 'emails'],
    ["object class 'person' requires attribute 'sn'", 'name'],
    ["attribute 'title' cannot have multiple values", 'title'],
    ['non-unique attributes found with (|(uid=ann)(uid=bob))', 'userName'],
    ['missing attribute "sn" required by object class "person"', 'name'],
    ['manager: no such object', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'],
    ['roomNumber: value #0 invalid per syntax', undefined],
    ['Password fails quality checking policy', undefined],
    ['', undefined],
  ];
  for (const [text, attribute] of rows) {
    it(text === '' ? 'no text' : text, async () => {
      const mapping = await compileShipped('openldap/inet-org-person-scim.yaml');
      const user = mapping.resourceTypes.find(({ type }) => type.name === 'User');
      assert.ok(user);
      assert.equal(findBlamedAttribute(text, user), attribute);
    });
  }
});
