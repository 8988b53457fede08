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
    ["0000200B: objectclass_attrs: attribute 'givenName' on entry 'CN=a' contains at least one invalid value!", 'name'],
    ["0000202F: samldb: mail 'u@x' is already in use", 'emails'],
    [
      '00002082: AtrErr: DSID-03151E69, #1:\n\t0: 00002082: DSID-03151E69, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 2a (givenName):len 140',
      'name',
    ],
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
