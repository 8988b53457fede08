import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';
import { describeActive } from './active.ts';
import { describeBulk } from './bulk.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeCursors } from './cursors.ts';
import { describeDeletePolicies } from './delete-policies.ts';
import { describeExclusion } from './exclusion.ts';
import { describeFilterProperty } from './filter-property.ts';
import { describeGroupModel } from './group-models.ts';
import { describeLifeCycle } from './life-cycle.ts';
import { describeMemberUid } from './member-uid.ts';
import { describeNestedGroups } from './nested-groups.ts';
import { describePlacement } from './placement.ts';
import { describeReferenceFilters } from './reference-filters.ts';
import { describeRootQuery } from './root-query.ts';

describeLifeCycle('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('life-cycle')) };
});

describeFilterProperty('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('filter-property')) };
});

describeConcurrency('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('concurrency')) };
});

describeBulk('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('bulk')) };
});

describeRootQuery('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('root-query')) };
});

describeCursors('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('cursors')) };
});

describeReferenceFilters('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('reference-filters')) };
});

describeDeletePolicies('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('delete-policies')) };
});

describeExclusion('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('exclusion')) };
});

describePlacement('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('placement')) };
});

for (const [attribute, mapping] of [
  ['member', 'openldap/inet-org-person.yaml'],
  ['uniqueMember', 'openldap/group-of-unique-names.yaml'],
] as const)
  describeGroupModel('OpenLDAP', { mapping, attribute, placeholder: 'cn=nobody' }, async () => {
    const server = await getOpenLdap();
    return { ...server, ...(await createSuiteBase(`groups-${attribute}`)) };
  });

describeNestedGroups('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('nested-groups')) };
});

describeMemberUid('OpenLDAP', async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('member-uid')) };
});

describeActive('OpenLDAP', { mapping: 'openldap/inet-org-person.yaml', by: 'transform' }, async () => {
  const server = await getOpenLdap();
  return { ...server, ...(await createSuiteBase('active')) };
});
