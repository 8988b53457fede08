import type { Company } from '../company.ts';
import { readsOfGroups, writesOfGroups } from './groups.ts';
import { lists } from './lists.ts';
import { mixedLoad } from './mixed.ts';
import type { Scenario } from './scenario.ts';
import { readsOfPeople } from './single-people.ts';
import { writesOfPeople } from './writes-of-people.ts';

/** In the order in which they are measured: what needs most memory comes last. */
export function scenariosOf(company: Company): readonly Scenario[] {
  const single = [...readsOfPeople(company), ...writesOfPeople(company)];
  const many = lists(company);
  return [
    ...single,
    mixedLoad(company, [...single, ...many]),
    ...writesOfGroups(company),
    ...many,
    ...readsOfGroups(company),
  ];
}
