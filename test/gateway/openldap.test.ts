import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
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
  return async () => ({ ...(await getOpenLdap()), ...(await createSuiteBase(name)) });
}

describeLifeCycle('OpenLDAP', start('life-cycle'));
describeFilterProperty('OpenLDAP', start('filter-property'));
describeConcurrency('OpenLDAP', start('concurrency'));
describeBulk('OpenLDAP', start('bulk'));
describeExplain('OpenLDAP', start('explain'));
describeCheck('OpenLDAP', start('check'));
describeRootQuery('OpenLDAP', start('root-query'));
describeCursors('OpenLDAP', start('cursors'));
describeReferenceFilters('OpenLDAP', start('reference-filters'));
describeDeletePolicies('OpenLDAP', start('delete-policies'));
describeExclusion('OpenLDAP', start('exclusion'));
describeFollowing('OpenLDAP', followingCn, start('following'));
describePlacement('OpenLDAP', start('placement'));
describePermissions('OpenLDAP', start('permissions'));
describeProtection('OpenLDAP', start('protection'));
describeDeletionLimit('OpenLDAP', start('deletions'));

for (const [attribute, mapping] of [
  ['member', 'openldap/inet-org-person.yaml'],
  ['uniqueMember', 'openldap/group-of-unique-names.yaml'],
] as const)
  describeGroupModel('OpenLDAP', { mapping, attribute, placeholder: 'cn=nobody' }, start(`groups-${attribute}`));
describeNestedGroups('OpenLDAP', start('nested-groups'));
describeGroupsInLists('OpenLDAP', start('groups-in-lists'), { people: 110 });
describeMemberUid('OpenLDAP', start('member-uid'));
describeKnownTypes('OpenLDAP', start('known-types'));
describeLongGroups('OpenLDAP', start('long-groups'));

describeActive('OpenLDAP', { mapping: 'openldap/inet-org-person.yaml', by: 'transform' }, start('active'));

describeInit(
  'OpenLDAP with posixGroup, and people in two units',
  async () => ({ ...(await getOpenLdap()), ...(await createSuiteBase('init')) }),
  {
    ldif: (base) => `dn: ou=Staff,${base}
objectClass: organizationalUnit
ou: Staff

dn: ou=Oslo,ou=Staff,${base}
objectClass: organizationalUnit
ou: Oslo

dn: ou=Bergen,ou=Staff,${base}
objectClass: organizationalUnit
ou: Bergen

dn: ou=Teams,${base}
objectClass: organizationalUnit
ou: Teams
${[
  ['ada', 'Oslo', 20001],
  ['bob', 'Oslo', 20002],
  ['cleo', 'Bergen', 20003],
]
  .map(
    ([uid, unit, number]) => `
dn: uid=${uid},ou=${unit},ou=Staff,${base}
objectClass: inetOrgPerson
objectClass: posixAccount
uid: ${uid}
cn: ${uid} Person
sn: Person
mail: init-${uid}@example.com
uidNumber: ${number}
gidNumber: 100
homeDirectory: /home/${uid}
`,
  )
  .join('')}
dn: cn=guides,ou=Teams,${base}
objectClass: posixGroup
cn: guides
gidNumber: 30007
memberUid: ada
memberUid: cleo
`,
    says: [
      /^extends: scim-ldap\/openldap\/inet-org-person/m,
      /people: "ou=Staff,/,
      /groups: "ou=Teams,/,
      /createBase: "ou=Oslo,ou=Staff,/,
      /members: \{ reference: User, attribute: memberUid, by: uid, placeholder: null \}/,
      /filter: \(objectClass=posixGroup\)/,
    ],
    user: { userName: 'dora', name: { givenName: 'Dora', familyName: 'Person' } },
    canDisable: true,
  },
);
