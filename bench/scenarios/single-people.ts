// Reads of one person.

import type { Company } from '../company.ts';
import { byId, workOf } from './directory-work.ts';
import type { Scenario } from './scenario.ts';

export function readsOfPeople(company: Company): readonly Scenario[] {
  const growth = 'flat: an index look-up for the entry and one for its groups';
  return [
    {
      name: 'GET by id',
      operations: 'the entry; its groups',
      growth,
      ask: (http, index) => http.send('GET', `/Users/${company.person(index).id}`),
      limit: (directory, index) => workOf(company, directory).peopleWithGroups(byId(company.person(index).id)),
    },
    {
      name: 'userName eq',
      operations: 'the entry; its groups',
      growth,
      ask: (http, index) => http.send('GET', find(`userName eq "${company.person(index).userName}"`)),
      limit: (directory, index) =>
        workOf(company, directory).peopleWithGroups(`(uid=${company.person(index).userName})`),
    },
    {
      name: 'userName eq, attributes=userName',
      operations: 'the entry',
      growth: 'flat: one index look-up',
      ask: (http, index) =>
        http.send('GET', `${find(`userName eq "${company.person(index).userName}"`)}&attributes=userName`),
      limit: (directory, index) =>
        workOf(company, directory).findPeople(`(uid=${company.person(index).userName})`, ['entryUUID', 'uid']),
    },
  ];
}

export function find(filter: string): string {
  return `/Users?filter=${encodeURIComponent(filter)}`;
}
