// What is measured: requests to the gateway, and beside each the limit, which is the LDAP operations that the gateway
// does for it, one after the other where they need each other. A gateway without any cost of its own would be as fast.

import type { Attributes, DirectoryClient } from './directory-client.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';

/** One request of client `client`; `index` counts over all clients. */
type Ask = (http: HttpClient, index: number, client: number) => Promise<HttpAnswer>;
type Limit = (directory: DirectoryClient, index: number, client: number) => Promise<unknown>;

export interface Scenario {
  readonly name: string;
  /** The LDAP operations of one request. */
  readonly operations: string;
  readonly ask: Ask;
  readonly limit: Limit;
}

export interface Population {
  readonly suffix: string;
  readonly users: number;
  /** Ids of some users. */
  readonly userIds: readonly string[];
  /** Of small groups, and of users who are in none of them. */
  readonly groupIds: readonly string[];
  readonly strangerIds: readonly string[];
}

/** What a mapping of inetOrgPerson reads of a person. */
const person = ['*', 'entryUUID', 'entryCSN', 'createTimestamp', 'modifyTimestamp', 'pwdAccountLockedTime'];
const group = ['objectClass', 'entryUUID', 'cn'];
const page = 100;
const run = Date.now().toString(36);

export function scenarios({ suffix, users, userIds, groupIds, strangerIds }: Population): readonly Scenario[] {
  const people = `ou=people,${suffix}`;
  const groups = `ou=groups,${suffix}`;
  const userName = (index: number): string => `user${(index * 7919) % users}`;
  const userId = (index: number): string => userIds[index % userIds.length] ?? '';
  const personFilter = (term: string): string => `(&(objectClass=inetOrgPerson)${term})`;
  const groupsOf = (directory: DirectoryClient, dn: string) =>
    directory.search(groups, `(&(objectClass=groupOfNames)(member=${dn}))`, group);
  const withGroups = async (directory: DirectoryClient, term: string): Promise<void> => {
    for (const { dn } of await directory.search(people, personFilter(term), person)) await groupsOf(directory, dn);
  };
  /** Clients do not share groups, so that none waits for another's write to the same entry. */
  const groupId = (client: number): string => groupIds[client % groupIds.length] ?? '';
  const strangerId = (index: number): string => strangerIds[index % strangerIds.length] ?? '';
  return [
    {
      name: 'GET by id',
      operations: 'the entry; its groups',
      ask: (http, index) => http.send('GET', `/Users/${userId(index)}`),
      limit: (directory, index) => withGroups(directory, `(entryUUID=${userId(index)})`),
    },
    {
      name: 'GET by id of a group, without members',
      operations: 'the entry',
      ask: (http, index) => http.send('GET', `/Groups/${groupId(index)}?excludedAttributes=members`),
      limit: (directory, index) =>
        directory.search(groups, `(&(objectClass=groupOfNames)(entryUUID=${groupId(index)}))`, [
          'entryUUID',
          'cn',
          'description',
          'entryCSN',
          'createTimestamp',
          'modifyTimestamp',
        ]),
    },
    {
      name: 'userName eq',
      operations: 'the entry; its groups',
      ask: (http, index) => http.send('GET', find(`userName eq "${userName(index)}"`)),
      limit: (directory, index) => withGroups(directory, `(uid=${userName(index)})`),
    },
    {
      name: 'userName eq, attributes=userName',
      operations: 'the entry',
      ask: (http, index) => http.send('GET', `${find(`userName eq "${userName(index)}"`)}&attributes=userName`),
      limit: (directory, index) =>
        directory.search(people, personFilter(`(uid=${userName(index)})`), ['entryUUID', 'uid']),
    },
    {
      name: `first page of ${page}`,
      operations: `the ids of all, paged; ${page} entries by id; their groups`,
      ask: (http) => http.send('GET', `/Users?count=${page}`),
      async limit(directory) {
        const all = await directory.search(people, '(objectClass=inetOrgPerson)', ['entryUUID'], { paged: 500 });
        const ids = all.slice(0, page).map((entry) => `(entryUUID=${entry.first('entryUUID')})`);
        const halves = [ids.slice(0, page / 2), ids.slice(page / 2)];
        const found = await Promise.all(
          halves.map((half) => directory.search(people, personFilter(`(|${half.join('')})`), person)),
        );
        await Promise.all(found.flat().map(({ dn }) => groupsOf(directory, dn)));
      },
    },
    {
      name: 'PATCH replace title',
      operations: 'the entry; modify; its groups',
      ask: (http, index) =>
        http.send('PATCH', `/Users/${userId(index)}`, patch({ op: 'replace', path: 'title', value: `T${index}` })),
      async limit(directory, index) {
        const [entry] = await directory.search(people, personFilter(`(entryUUID=${userId(index)})`), person);
        if (entry === undefined) throw new Error('A user is gone');
        await directory.modify(entry.dn, 'replace', 'title', `L${index}`);
        await groupsOf(directory, entry.dn);
      },
    },
    {
      name: 'POST and DELETE',
      operations: 'add; its groups; the entry by id; delete',
      async ask(http, index, client) {
        const name = `new-${run}-${client}-${index}`;
        const created = await http.send('POST', '/Users', newUser(name));
        if (created.status !== 201) return created;
        const { id } = JSON.parse(created.text) as { readonly id: string };
        return await http.send('DELETE', `/Users/${id}`);
      },
      async limit(directory, index, client) {
        const name = `${directory.name}-${run}-${client}-${index}`;
        const dn = `uid=${name},${people}`;
        await directory.add(dn, newPerson(name));
        await groupsOf(directory, dn);
        await directory.search(people, personFilter(`(uid=${name})`), ['entryUUID', 'entryCSN']);
        await directory.delete(dn);
      },
    },
    {
      name: 'PATCH add, PATCH remove a member',
      operations: 'for each: the group and the member by id; modify; the version',
      async ask(http, index, client) {
        const target = `/Groups/${groupId(client)}?attributes=displayName`;
        const value = [{ value: strangerId(index) }];
        const added = await http.send('PATCH', target, patch({ op: 'add', path: 'members', value }));
        if (added.status >= 300) return added;
        return await http.send('PATCH', target, patch({ op: 'remove', path: 'members', value }));
      },
      async limit(directory, index, client) {
        const id = groupId(client);
        const searchBoth = () =>
          Promise.all([
            directory.search(groups, `(&(objectClass=groupOfNames)(entryUUID=${id}))`, ['entryUUID', 'entryCSN']),
            directory.search(people, personFilter(`(entryUUID=${strangerId(index)})`), ['entryUUID', 'cn']),
          ]);
        for (const operation of ['add', 'delete'] as const) {
          const [[holder], [member]] = await searchBoth();
          if (holder === undefined || member === undefined) throw new Error('A group or a user is gone');
          await directory.modify(holder.dn, operation, 'member', member.dn);
          await directory.search(groups, `(&(objectClass=groupOfNames)(entryUUID=${id}))`, ['entryUUID', 'cn']);
        }
      },
    },
  ];
}

function find(filter: string): string {
  return `/Users?filter=${encodeURIComponent(filter)}`;
}

function patch(operation: object): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] };
}

function newUser(userName: string): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    name: { familyName: 'New', givenName: 'Person' },
    emails: [{ type: 'work', value: `${userName}@example.com` }],
  };
}

function newPerson(uid: string): Attributes {
  return {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    uid: [uid],
    cn: ['Person New'],
    sn: ['New'],
    givenName: ['Person'],
    mail: [`${uid}@example.com`],
  };
}
