import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
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
import { describeFollowing } from './following.ts';
import { describeGroupModel } from './group-models.ts';
import { describeGroupsInLists } from './groups-in-lists.ts';
import { describeInit } from './init.ts';
import { describeLifeCycle, type LifeCycleDirectory } from './life-cycle.ts';
import { describeMemberUid } from './member-uid.ts';
import { describeNestedGroups } from './nested-groups.ts';
import { describePermissions } from './permissions.ts';
import { describePlacement } from './placement.ts';
import { describeProtection } from './protection.ts';
import { describeReferenceFilters } from './reference-filters.ts';
import { describeRootQuery } from './root-query.ts';

/** mail, telephoneNumber and mobile have one value at most, and the suite of filters has several. */
const severalValues = `
resourceTypes:
  User:
    attributes:
      emails[type eq "work"].value: { attribute: otherMailbox }
      emails[type eq "other"].value: null
      phoneNumbers[type eq "work"].value: { attribute: otherTelephone }
      phoneNumbers[type eq "mobile"].value: otherMobile
      phoneNumbers[type eq "other"].value: null
      entitlements.value: null
`;

const mapping = '../test/scenarios/active-directory.yaml';

function start(name: string, changes = ''): () => Promise<LifeCycleDirectory> {
  return async () => ({
    ...(await getSambaAd()),
    ...(await createSuiteBase(name)),
    mapping,
    changes,
    naming: { attribute: 'userPrincipalName', rdn: 'cn', strangerClass: 'computer' },
    refused: { value: { name: { givenName: 'x'.repeat(65) } }, about: /^name: / },
  });
}

if (hasSambaAd()) {
  describeLifeCycle('Samba AD', start('life-cycle'));
  describeFilterProperty('Samba AD', start('filter-property', severalValues), 40, 1000);
  describeConcurrency('Samba AD', start('concurrency'));
  describeBulk('Samba AD', start('bulk'));
  describeExplain('Samba AD', start('explain'));
  describeCheck('Samba AD', start('check'));
  describeRootQuery('Samba AD', start('root-query'));
  describeCursors('Samba AD', start('cursors'));
  describeReferenceFilters('Samba AD', start('reference-filters'));
  describeNestedGroups('Samba AD', start('nested-groups'), { groupClass: 'group' });
  describeInit(
    'Samba AD with inetOrgPerson in units of its own',
    async () => ({ ...(await getSambaAd()), ...(await createSuiteBase('init')) }),
    {
      ldif: (base) => `dn: OU=Staff,${base}
objectClass: organizationalUnit
ou: Staff

dn: OU=Teams,${base}
objectClass: organizationalUnit
ou: Teams
${['Ada', 'Bob', 'Cleo']
  .map(
    (name) => `
dn: CN=${name} Person,OU=Staff,${base}
objectClass: inetOrgPerson
cn: ${name} Person
sn: Person
sAMAccountName: init-${name.toLowerCase()}
userAccountControl: 514
`,
  )
  .join('')}
dn: CN=init guides,OU=Teams,${base}
objectClass: group
cn: init guides
sAMAccountName: init guides
member: CN=Ada Person,OU=Staff,${base}
`,
      says: [
        /^extends: scim-ldap\/active-directory\/sam-account-name\.yaml$/m,
        /people: "OU=Staff,/,
        /groups: "OU=Teams,/,
        /upnSuffix: "ad\.example\.com"/,
        /objectClasses: \[.*inetOrgPerson.*\]/,
      ],
      user: { userName: 'init-dora', name: { givenName: 'Dora', familyName: 'Person' }, password: 'Secret-Word-1' },
      canDisable: true,
    },
  );
  describeGroupsInLists('Samba AD', start('groups-in-lists'));
  describeExclusion('Samba AD', start('exclusion'));
  const path = ['urn:scim-ldap:schemas:active-directory:1.0:User', 'sAMAccountName'];
  describeFollowing('Samba AD', { rdn: 'cn', follower: 'sAMAccountName', path }, start('following'));
  describePlacement('Samba AD', start('placement'));
  describePermissions('Samba AD', start('permissions'));
  describeProtection('Samba AD', start('protection'));
  describeDeletionLimit('Samba AD', start('deletions'));
  describeDeletePolicies('Samba AD', start('delete-policies'), ['userPrincipalName', 'sAMAccountName']);
  // Every group may have memberUid.
  describeMemberUid('Samba AD', start('member-uid'), { entry: '{}', by: 'cn' });
  describeActive('Samba AD', { mapping, by: 'bit', activeDirectory: true }, start('active'));
  const id = '{ attribute: objectGUID, transform: guid }';
  describeGroupModel('Samba AD', { mapping, attribute: 'member', id, membersExist: true }, start('groups'));
}
