import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
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

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);
const started: EmbeddedDirectory[] = [];

/** One for each suite, without the rule that mail is unique: the gateway keeps userName so by itself. */
async function start(): Promise<LifeCycleDirectory> {
  const suffix = 'dc=example,dc=com';
  const directory = createEmbeddedDirectory({ suffix, schemaLdif: [readFileSync(schemaFile, 'utf8')], unique: [] });
  started.push(directory);
  const { url } = await directory.listen();
  const { dn, password } = directory.administrator;
  return { url, bindDn: dn, password, suffix, peopleDn: `ou=people,${suffix}`, groupsDn: `ou=groups,${suffix}` };
}

after(async () => {
  await Promise.all(started.map((directory) => directory.close()));
});

describeLifeCycle('the embedded directory', start);
describeFilterProperty('the embedded directory', start);
describeConcurrency('the embedded directory', start);
describeBulk('the embedded directory', start);
describeExplain('the embedded directory', start);
describeCheck('the embedded directory', start);
describeRootQuery('the embedded directory', start);
describeCursors('the embedded directory', start);
describeReferenceFilters('the embedded directory', start);
describeDeletePolicies('the embedded directory', start);
describeFollowing('the embedded directory', followingCn, start);
describePlacement('the embedded directory', start);
describePermissions('the embedded directory', start);
describeProtection('the embedded directory', start);
describeDeletionLimit('the embedded directory', start);
describeExclusion('the embedded directory', start);
for (const [attribute, mapping] of [
  ['member', 'openldap/inet-org-person.yaml'],
  ['uniqueMember', 'openldap/group-of-unique-names.yaml'],
] as const)
  describeGroupModel('the embedded directory', { mapping, attribute, placeholder: 'cn=nobody' }, start);
describeNestedGroups('the embedded directory', start);
describeGroupsInLists('the embedded directory', start, { people: 230 });
describeMemberUid('the embedded directory', start);
describeKnownTypes('the embedded directory', start);
describeLongGroups('the embedded directory', start);
describeActive('the embedded directory', { mapping: 'openldap/inet-org-person.yaml', by: 'transform' }, start);
