import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import { urns } from '../../src/scim/urns.ts';
import { hasDs389 } from '../directories/ds389/launch.ts';
import { createSuiteBase, getDs389 } from '../directories/ds389/shared.ts';
import { describeActive } from './active.ts';
import { describeBulk } from './bulk.ts';
import { describeCheck } from './check.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeCursors } from './cursors.ts';
import { describeDeletePolicies } from './delete-policies.ts';
import { describeDeletionLimit } from './deletion-limit.ts';
import { describeExclusion } from './exclusion.ts';
import { describeExplain } from './explain.ts';
import { describeFilterProperty } from './filter-property.ts';
import { describeFollowing, followingCn } from './following.ts';
import { describeGroupModel } from './group-models.ts';
import { describeGroupsInLists } from './groups-in-lists.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import { describeInit } from './init.ts';
import { describeKnownTypes } from './known-types.ts';
import { describeLifeCycle, type LifeCycleDirectory } from './life-cycle.ts';
import { describeLongGroups } from './long-groups.ts';
import { describeMemberUid } from './member-uid.ts';
import { describeNestedGroups } from './nested-groups.ts';
import { describePermissions } from './permissions.ts';
import { describePlacement } from './placement.ts';
import { describeProtection } from './protection.ts';
import { describeReferenceFilters } from './reference-filters.ts';
import { describeRootQuery } from './root-query.ts';

function start(name: string): () => Promise<LifeCycleDirectory> {
  return async () => ({
    ...(await getDs389()),
    ...(await createSuiteBase(name)),
    mapping: '389-ds/inet-org-person-scim.yaml',
    refusesNul: true,
    joiningChanges: true,
  });
}

if (hasDs389()) {
  describeLifeCycle('389 Directory Server', start('life-cycle'));
  describeFilterProperty('389 Directory Server', start('filter-property'), 40, 1000);
  describeConcurrency('389 Directory Server', start('concurrency'));
  describeBulk('389 Directory Server', start('bulk'));
  describeExplain('389 Directory Server', start('explain'));
  describeCheck('389 Directory Server', start('check'), async ({ directory }, { peopleDn }) => {
    const dn = peopleDn.slice(peopleDn.indexOf(',') + 1);
    const aci = '(targetattr="*")(version 3.0; acl "read"; allow(read,search,compare) userdn="ldap:///all";)';
    await directory.modify({ dn, modifications: [{ operation: 'add', attribute: 'aci', values: [aci] }] });
  });
  describeRootQuery('389 Directory Server', start('root-query'));
  describeCursors('389 Directory Server', start('cursors'));
  describeReferenceFilters('389 Directory Server', start('reference-filters'));
  describeNestedGroups('389 Directory Server', start('nested-groups'), { runs: 30 });
  describeGroupsInLists('389 Directory Server', start('groups-in-lists'));
  describeMemberUid('389 Directory Server', start('member-uid'));
  describeKnownTypes('389 Directory Server', start('known-types'));
  describeLongGroups('389 Directory Server', start('long-groups'));
  for (const [attribute, mapping] of [
    ['member', '389-ds/inet-org-person.yaml'],
    ['uniqueMember', '389-ds/group-of-unique-names.yaml'],
  ] as const)
    describeGroupModel('389 Directory Server', { mapping, attribute, id: 'nsUniqueId' }, start(`groups-${attribute}`));
  describeFollowing('389 Directory Server', followingCn, start('following'));
  describePlacement('389 Directory Server', start('placement'));
  describePermissions('389 Directory Server', start('permissions'));
  describeProtection('389 Directory Server', start('protection'));
  describeDeletionLimit('389 Directory Server', start('deletions'));
  describeInit(
    '389 Directory Server with groupOfUniqueNames, cn in the RDN and another id',
    async () => ({ ...(await getDs389()), ...(await createSuiteBase('init')) }),
    {
      flags: ['--id', 'uid'],
      ldif: (base) => `dn: ou=Staff,${base}
objectClass: organizationalUnit
ou: Staff

dn: ou=Teams,${base}
objectClass: organizationalUnit
ou: Teams
${['Ada', 'Bob', 'Cleo']
  .map(
    (name) => `
dn: cn=${name} Person,ou=Staff,${base}
objectClass: top
objectClass: person
objectClass: organizationalPerson
objectClass: inetOrgPerson
objectClass: mailRecipient
cn: ${name} Person
sn: Person
uid: init-${name.toLowerCase()}
mail: init-${name.toLowerCase()}@example.com
`,
  )
  .join('')}
dn: cn=guides,ou=Teams,${base}
objectClass: top
objectClass: groupOfUniqueNames
cn: guides
uniqueMember: cn=Ada Person,ou=Staff,${base}
`,
      says: [
        /group-of-unique-names\.yaml/,
        /people: "ou=Staff,/,
        /rdn: cn/,
        /objectClasses: \[.*mailRecipient.*\]/,
        /id: \{ attribute: uid, transform: string \}/,
      ],
      user: { userName: 'init-dora', name: { formatted: 'Dora Person', familyName: 'Person' } },
      canDisable: true,
    },
  );
  describeExclusion('389 Directory Server', start('exclusion'));
  describeDeletePolicies('389 Directory Server', start('delete-policies'));
  describeActive('389 Directory Server', { mapping: '389-ds/inet-org-person.yaml', by: 'values' }, start('active'));

  describe('a change between the look and the write, on 389 Directory Server', () => {
    let served: ServedGateway;
    let path: string;
    let etag: string;

    before(async () => {
      served = await servePlace(await start('between')());
    });
    after(() => served.stop());
    beforeEach(async () => {
      const body = { schemas: [urns.user], userName: `between-${randomUUID()}`, title: 'before' };
      const created = await served.scim('POST', '/Users', body);
      assert.equal(created.status, 201, JSON.stringify(created.body));
      path = `/Users/${String(created.body['id'])}`;
      etag = created.headers.get('etag') ?? '';
    });

    /** The next modify comes after one of somebody else. */
    const interfere = (attribute: string): void => {
      const { modify } = served.directory;
      const port: DirectoryPort = served.directory;
      port.modify = async (request, options) => {
        port.modify = modify;
        await modify({ dn: request.dn, modifications: [{ operation: 'replace', attribute, values: ['theirs'] }] });
        return await modify(request, options);
      };
    };
    const patchTitle = (headers: Record<string, string>) =>
      served.scim(
        'PATCH',
        path,
        { schemas: [urns.patchOp], Operations: [{ op: 'replace', path: 'title', value: 'mine' }] },
        headers,
      );

    it('of the same value is 412 under If-Match, and theirs stays', async () => {
      interfere('title');
      assert.equal((await patchTitle({ 'If-Match': etag })).status, 412);
      assert.equal((await served.scim('GET', path)).body['title'], 'theirs');
    });

    for (const [title, headers] of [
      ['without If-Match', {}],
      ['under If-Match: *', { 'If-Match': '*' }],
    ] as const)
      it(`of the same value is read, and written over, ${title}`, async () => {
        interfere('title');
        assert.equal((await patchTitle(headers)).status, 200);
        assert.equal((await served.scim('GET', path)).body['title'], 'mine');
      });

    it('of another value goes unseen under If-Match, and stays: the server has no condition for it', async () => {
      interfere('displayName');
      assert.equal((await patchTitle({ 'If-Match': etag })).status, 200);
      const { title, displayName } = (await served.scim('GET', path)).body;
      assert.deepEqual([title, displayName], ['mine', 'theirs']);
    });
  });
}
