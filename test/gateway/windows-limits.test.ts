// Limits that Windows has and no directory of the tests: 1,000 entries for a search without pages, 1,500 values for an
// attribute. What a client gets is whole all the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { windowsLimits } from '../../src/ldap/embedded/create-directory-state.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, serveGateway } from './harness.ts';

const suffix = 'dc=example,dc=com';
const schemaLdif = [readFileSync(new URL('../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8')];
const users = 5_000;
const groups = 1_200;

const personDn = (index: number): string => `uid=user${index},ou=people,${suffix}`;

function* content(): Generator<string> {
  for (let index = 0; index < users; index += 1)
    yield `\ndn: ${personDn(index)}\nobjectClass: inetOrgPerson\nuid: user${index}\ncn: User\nsn: ${index % 2}\n`;
  const members = Array.from({ length: users }, (_, index) => `member: ${personDn(index)}\n`).join('');
  yield `\ndn: cn=everybody,ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: everybody\n${members}`;
  for (let index = 0; index < groups; index += 1)
    yield `\ndn: cn=group${index},ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: group${index}\nmember: ${personDn(7)}\n`;
}

describe('within the limits of Windows', function () {
  this.timeout(60_000);
  let directory: EmbeddedDirectory;
  let served: ServedGateway;

  before(async () => {
    directory = createEmbeddedDirectory({ suffix, schemaLdif, unique: [], limits: windowsLimits });
    directory.load(content());
    const { url } = await directory.listen();
    const { dn: bindDn, password } = directory.administrator;
    const mapping = 'openldap/inet-org-person-scim.yaml';
    served = await serveGateway({ url, bindDn, password, mapping, variables: { suffix } });
  });
  after(async () => {
    await served.stop();
    await directory.close();
  });

  const list = async (path: string) => {
    const { status, body } = await served.scim('GET', path);
    assert.equal(status, 200, JSON.stringify(body));
    return { total: body['totalResults'], resources: (body['Resources'] ?? []) as readonly JsonObject[] };
  };
  const find = async (path: string, filter: string, more = ''): Promise<JsonObject> => {
    const { resources } = await list(`${path}?filter=${encodeURIComponent(filter)}${more}`);
    assert.equal(resources.length, 1);
    return resources[0]!;
  };
  const membersOf = async (): Promise<Set<string>> => {
    const group = await find('/Groups', 'displayName eq "everybody"');
    return new Set((group['members'] as readonly JsonObject[]).map(({ value }) => String(value)));
  };

  it('a group of 5,000 members is read whole', async () => assert.equal((await membersOf()).size, users));

  it('replacing all of them but one writes that one', async () => {
    const { members, id, schemas, displayName } = await find('/Groups', 'displayName eq "everybody"');
    const kept = (members as readonly JsonObject[]).filter((_, index) => index !== 4_321);
    const sent = await served.record(async () => {
      const answer = await served.scim('PUT', `/Groups/${String(id)}`, { schemas, displayName, members: kept });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    });
    const changes = sent.flatMap(({ operation, request }) =>
      operation === 'modify' ? (request['modifications'] as readonly { readonly values: readonly string[] }[]) : [],
    );
    assert.deepEqual(
      changes.map(({ values }) => values.length),
      [1],
    );
    assert.equal((await membersOf()).size, users - 1);
  });

  it('a user in 1,200 groups has them all', async () => {
    const user = await find('/Users', 'userName eq "user7"');
    assert.equal((user['groups'] as readonly unknown[]).length, groups + 1);
  });

  it('lists count all, and pages of any size come whole', async () => {
    const names = new Set<unknown>();
    for (let startIndex = 1; startIndex <= users; startIndex += 1_000) {
      const { total, resources } = await list(`/Users?startIndex=${startIndex}&count=1000&attributes=userName`);
      assert.equal(total, users);
      for (const { userName } of resources) names.add(userName);
    }
    assert.equal(names.size, users);
    assert.equal((await list(`/Users?count=1000&filter=${encodeURIComponent('name.familyName eq "1"')}`)).total, 2_500);
  });

  it('who is deleted leaves all groups', async () => {
    const { id } = await find('/Users', 'userName eq "user7"');
    assert.equal((await served.scim('DELETE', `/Users/${String(id)}`)).status, 204);
    const left = `filter=${encodeURIComponent(`members.value eq "${String(id)}"`)}`;
    assert.equal((await list(`/Groups?${left}`)).total, 0);
  });

  it('many are added to a group and removed again', async () => {
    const { resources } = await list('/Users?count=1000&attributes=userName');
    const members = resources.map(({ id }) => ({ value: id ?? '' }));
    const { id } = await find('/Groups', 'displayName eq "group1"');
    for (const [op, expected] of [
      ['add', 1_000],
      ['remove', 0],
    ] as const) {
      const Operations = [{ op, path: 'members', value: members }];
      const answer = await served.scim('PATCH', `/Groups/${String(id)}`, { schemas: [urns.patchOp], Operations });
      assert.ok([200, 204].includes(answer.status), JSON.stringify(answer.body));
      const group = await served.scim('GET', `/Groups/${String(id)}`);
      assert.equal(((group.body['members'] ?? []) as readonly unknown[]).length, expected);
    }
  });
});
