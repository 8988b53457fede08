// What a gateway has to do on a working day: four requests in five read.

import type { Company } from '../company.ts';
import { askMember, limitMember } from './groups.ts';
import type { Scenario } from './scenario.ts';

type Part = Pick<Scenario, 'ask' | 'limit'>;

export function mixedLoad(company: Company, all: readonly Scenario[]): Scenario {
  const times = (count: number, name: string): Part[] =>
    all.filter((each) => each.name === name).flatMap((each) => Array.from({ length: count }, () => each));
  // Teams of their own, so that the clients do not wait for each other's write to the same entry.
  const member: Part = { ask: askMember(company, company.team), limit: limitMember(company, company.team) };
  // The last two are two writes each: 24 of 30 requests read.
  const parts = [
    ...times(16, 'GET by id'),
    ...times(6, 'userName eq'),
    ...times(2, 'filter with a residual'),
    ...times(2, 'PATCH replace'),
    ...times(1, 'POST and DELETE'),
    member,
  ];
  const partOf = (index: number): Part => parts[index % parts.length] ?? member;
  return {
    name: 'mixed load, 80 % reads, 64 clients',
    operations: 'those of GET by id, userName eq, the filter, PATCH replace, POST and DELETE, a member of a team',
    growth: 'flat, as its parts are',
    clients: 64,
    ask: (http, index, client) => partOf(index).ask(http, index, client),
    limit: (directory, index, client) => partOf(index).limit(directory, index, client),
  };
}
