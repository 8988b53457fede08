// Whatever a PATCH says, over HTTP to the directory and back: it is answered below 500, in whole or not at all; the
// answer is what a GET shows; and what a GET shows can be PUT without a change.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, useGateway } from './use-gateway.ts';

const paths = [
  '',
  'title',
  'userName',
  'externalId',
  'active',
  'password',
  'id',
  'meta.created',
  'schemas',
  'groups',
  'name',
  'name.familyName',
  'name.formatted',
  'emails',
  'emails.value',
  'emails.primary',
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'emails[type eq "work"].primary',
  'emails[not (type eq "home")].value',
  'emails[value pr]',
  'emails[type eq "nonsense"].value',
  'phoneNumbers[type eq "fax"].value',
  'addresses[type eq "work"]',
  'addresses[type eq "work"].country',
  'addresses.locality',
  'roles',
  'roles[value eq "v"]',
  'x509Certificates',
  'manager',
  'manager.value',
  'manager.$ref',
  enterprise,
  `${enterprise}:department`,
  `${urns.user}:name.givenName`,
  urns.user,
];

const values: readonly JsonValue[] = [
  null,
  '',
  'x',
  ' ',
  0,
  true,
  'False',
  [],
  {},
  [null],
  [{}],
  ['x'],
  'AQID',
  { value: 'v' },
  { value: null },
  [{ value: 'v', type: 'work' }],
  [{ value: 'w', type: 'home', primary: 'True' }],
  [
    { value: 'v', type: 'work', primary: true },
    { value: 'w', type: 'home', primary: true },
  ],
  { familyName: 'F', givenName: null },
  { type: 'work', streetAddress: 'S' },
  { title: 'T', id: 'x', emails: [] },
  { [enterprise]: null },
  { [enterprise]: { department: 'D', manager: null } },
  { 'name.familyName': 'Q', 'emails[type eq "work"].value': 'q@example.test' },
];

const operation = fc
  .record({
    op: fc.constantFrom('add', 'replace', 'remove'),
    path: fc.option(fc.constantFrom(...paths), { nil: undefined }),
    value: fc.option(fc.constantFrom(...values), { nil: undefined }),
  })
  .map(
    (parts): JsonObject =>
      Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as JsonObject,
  );

describe('any PATCH of a user', () => {
  const gateway = useGateway();
  let count = 0;

  it('E5 E7 B20 D12 is done in whole or refused, and shows what is stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 4 }), async (operations) => {
        count += 1;
        const before = await gateway.user(`any-${count}`, {
          title: 'T',
          emails: [
            { value: 'a@example.test', type: 'work' },
            { value: 'b@example.test', type: 'home' },
          ],
          addresses: [{ type: 'work', locality: 'L' }],
          roles: [{ value: 'r' }, { value: 'v' }],
          [enterprise]: { department: 'D' },
        });
        const path = `/Users/${before.id}`;
        const answer = await gateway.patch(path, ...operations);
        const stored = await gateway.read(path);
        if (answer.status === 200) {
          assert.deepEqual(answer.body, stored);
          assert.doesNotMatch(JSON.stringify(stored), /:(?:null|""|\[\]|\{\})/);
        } else {
          assertError(answer, 400, String(answer.body['scimType']));
          assert.deepEqual(stored, before);
        }
        const put = await gateway.scim('PUT', path, stored);
        assert.deepEqual([put.status, put.body], [200, stored]);
        await gateway.scim('DELETE', path);
      }),
      { numRuns: 300 },
    );
  });
});
