// Writes of one person.

import type { Company } from '../company.ts';
import type { Attributes } from '../directory-client.ts';
import { byId, workOf } from './directory-work.ts';
import { patch } from './patch.ts';
import type { Scenario } from './scenario.ts';

/** Names that no earlier run in the same directory has used. */
const run = Date.now().toString(36);

export function writesOfPeople(company: Company): readonly Scenario[] {
  return [
    {
      name: 'POST and DELETE',
      operations: 'who has the name; add; the groups; the entry by id; delete; who refers to it as manager, as member',
      growth: 'flat: index look-ups',
      async ask(http, index, client) {
        const created = await http.send('POST', '/Users', newUser(`new-${run}-${client}-${index}`));
        await http.send('DELETE', `/Users/${(created.json() as { readonly id: string }).id}`);
      },
      async limit(directory, index, client) {
        const uid = `${directory.name}-${run}-${client}-${index}`;
        const dn = `uid=${uid},${company.peopleDn}`;
        const { findPeople, findGroups, groupsOf } = workOf(company, directory);
        await findPeople(`(uid=${uid})`, ['uid', 'entryUUID']);
        await directory.add(dn, newPerson(uid));
        await groupsOf(dn);
        await findPeople(`(uid=${uid})`, ['entryUUID', 'entryCSN']);
        await directory.delete(dn);
        await Promise.all([findPeople(`(manager=${dn})`, ['entryUUID']), findGroups(`(member=${dn})`, ['entryUUID'])]);
      },
    },
    {
      name: 'PATCH replace',
      operations: 'the entry; modify; its groups',
      growth: 'flat: index look-ups',
      ask: (http, index) =>
        http.send(
          'PATCH',
          `/Users/${company.person(index).id}`,
          patch({ op: 'replace', path: 'displayName', value: `Gateway ${index}` }),
        ),
      async limit(directory, index) {
        const { people, groupsOf } = workOf(company, directory);
        const [entry] = await people(byId(company.person(index).id));
        if (entry === undefined) throw new Error('A user is gone');
        await directory.modify(entry.dn, 'replace', 'displayName', `${directory.name} ${index}`);
        await groupsOf(entry.dn);
      },
    },
  ];
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
