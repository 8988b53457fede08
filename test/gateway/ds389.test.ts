import { hasDs389 } from '../directories/ds389/launch.ts';
import { createSuiteBase, getDs389 } from '../directories/ds389/shared.ts';
import { describeBulk } from './bulk.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeCursors } from './cursors.ts';
import { describeFilterProperty } from './filter-property.ts';
import { describeLifeCycle, type LifeCycleDirectory } from './life-cycle.ts';
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
  describeFilterProperty('389 Directory Server', start('filter-property'));
  describeConcurrency('389 Directory Server', start('concurrency'));
  describeBulk('389 Directory Server', start('bulk'));
  describeRootQuery('389 Directory Server', start('root-query'));
  describeCursors('389 Directory Server', start('cursors'));
}
