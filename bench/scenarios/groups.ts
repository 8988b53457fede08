// Reads of the biggest group, and a member that comes and goes.

import type { Company, Group } from '../company.ts';
import { byId, groupFilter, times, workOf } from './directory-work.ts';
import { patch } from './patch.ts';
import type { Ask, Limit, Scenario } from './scenario.ts';

export function readsOfGroups(company: Company): readonly Scenario[] {
  const { biggest, groupsDn } = company;
  const attributes = ['entryUUID', 'cn', ...times];
  return [
    {
      name: 'GET the biggest group',
      operations: 'the entry, and the ids of its members by the deref control',
      growth: 'linear in its members, and so is the answer',
      clients: 1,
      heavy: true,
      requests: 4,
      async ask(http) {
        const answer = await http.send('GET', `/Groups/${biggest.id}`);
        const { members } = answer.json() as { readonly members: readonly unknown[] };
        if (members.length !== biggest.members) throw new Error(`The biggest group has ${members.length} members`);
      },
      async limit(directory) {
        const found = await directory.dereference(groupsDn, groupFilter(byId(biggest.id)), attributes, 'entryUUID');
        if (found !== biggest.members) throw new Error(`${directory.name} found ${found} members`);
      },
    },
    {
      name: 'GET the biggest group, excludedAttributes=members',
      operations: 'the entry without its members',
      growth: 'linear in its members, a little: slapd reads them with the entry; the gateway does not see them',
      ask: (http) => http.send('GET', `/Groups/${biggest.id}?excludedAttributes=members`),
      limit: (directory) => workOf(company, directory).findGroups(byId(biggest.id), attributes),
    },
  ];
}

export function writesOfGroups(company: Company): readonly Scenario[] {
  const { ten, biggest } = company;
  return [
    {
      name: 'add and remove a member, group of ten',
      operations: memberOperations,
      growth: 'flat: index look-ups, and a modify that names one value',
      clients: memberClients,
      ask: askMember(company, () => ten),
      limit: limitMember(company, () => ten),
    },
    {
      name: 'add and remove a member, biggest group',
      operations: memberOperations,
      growth: 'linear in its members, in slapd alone: it writes the entry anew; the gateway names one value',
      clients: memberClients,
      requests: 12,
      ask: askMember(company, () => biggest),
      limit: limitMember(company, () => biggest),
    },
  ];
}

/** All write to one entry, which slapd lets them do one after the other. */
const memberClients = 4;
export const memberOperations = 'for each: the group and the member by id; modify; and one compare';

export function askMember(company: Company, groupOf: (client: number) => Group): Ask {
  return async (http, _index, client) => {
    const target = `/Groups/${groupOf(client).id}`;
    const value = [{ value: company.visitor(client).id }];
    await http.send('PATCH', target, patch({ op: 'add', path: 'members', value }));
    await http.send('PATCH', target, patch({ op: 'remove', path: 'members', value }));
  };
}

export function limitMember(company: Company, groupOf: (client: number) => Group): Limit {
  return async (directory, _index, client) => {
    const [group, { id, dn }] = [groupOf(client), company.visitor(client)];
    const { findGroups, findPeople } = workOf(company, directory);
    const findBoth = () =>
      Promise.all([
        findGroups(byId(group.id), ['entryUUID', 'entryCSN']),
        findPeople(byId(id), ['entryUUID', 'displayName', 'cn', 'uid', 'objectClass']),
        findGroups(byId(id), ['entryUUID', 'cn', 'objectClass']),
      ]);
    await findBoth();
    await directory.compare(group.dn, 'member', `cn=nobody,${company.suffix}`);
    await directory.modify(group.dn, 'add', 'member', dn);
    await findBoth();
    await directory.modify(group.dn, 'delete', 'member', dn);
  };
}
