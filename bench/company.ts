// The company that is measured: people with the usual attributes, teams of which everybody is in one, a group of ten and
// a big one. All ids are known beforehand, so that nothing has to be asked for them.

import { hash } from 'node:crypto';

export interface Person {
  readonly id: string;
  readonly userName: string;
  readonly dn: string;
}

export interface Group {
  readonly id: string;
  readonly dn: string;
  /** How many. */
  readonly members: number;
}

export interface Company {
  readonly suffix: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** Beside the visitors. */
  readonly users: number;
  /** Wraps around; neighbours in number are not neighbours in the directory. */
  person(index: number): Person;
  /** Somebody who is in no group; one for each client. */
  visitor(client: number): Person;
  /** Wraps around. */
  team(index: number): Group;
  readonly ten: Group;
  readonly biggest: Group;
  /** Ids of all people in the order of a list, visitors among them. */
  ids(): readonly string[];
  /** How often each given name occurs; every other of those people has a title behind "D" in the alphabet. */
  readonly namesakes: number;
  givenName(index: number): string;
  ldif(): Generator<string>;
}

const suffix = 'dc=example,dc=com';
const peopleDn = `ou=people,${suffix}`;
const groupsDn = `ou=groups,${suffix}`;
const teams = 98;
const visitors = 64;
const namesakes = 20;
const titles = ['Analyst', 'Engineer', 'Clerk', 'Manager'];

export function createCompany(users: number, biggest: number): Company {
  const names = Math.ceil(users / namesakes);
  let ids: readonly string[] | undefined;
  return {
    suffix,
    peopleDn,
    groupsDn,
    users,
    // 7919 is a prime that divides none of the usual sizes.
    person: (index) => personOf(`user${(index * 7919) % users}`),
    visitor: (client) => personOf(`visitor${client % visitors}`),
    team: (index) => groupOf(`team${index % teams}`, Math.ceil(users / teams)),
    ten: groupOf('ten', 10),
    biggest: groupOf('biggest', biggest),
    ids() {
      ids ??= [...everybody(users)].map((name) => personOf(name).id).sort();
      return ids;
    },
    namesakes,
    givenName: (index) => `Given${index % names}`,
    *ldif() {
      let index = 0;
      for (const name of everybody(users)) {
        yield ldifOfPerson(name, index, names);
        index += 1;
      }
      yield* ldifOfGroup('biggest', range(biggest, 1));
      yield* ldifOfGroup('ten', range(10, 1));
      for (let team = 0; team < teams; team += 1) yield* ldifOfGroup(`team${team}`, range(users, teams, team));
    },
  };
}

function* everybody(users: number): Generator<string> {
  for (let index = 0; index < users; index += 1) yield `user${index}`;
  for (let index = 0; index < visitors; index += 1) yield `visitor${index}`;
}

function personOf(userName: string): Person {
  return { id: idOf(userName), userName, dn: `uid=${userName},${peopleDn}` };
}

function groupOf(name: string, members: number): Group {
  return { id: idOf(name), dn: `cn=${name},${groupsDn}`, members };
}

/** In no order, as those of a directory are after some years. */
function idOf(name: string): string {
  const digits = hash('md5', name);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

function ldifOfPerson(name: string, index: number, names: number): string {
  const { id, dn } = personOf(name);
  const [given, family] = [`Given${index % names}`, `Family${index}`];
  return `
dn: ${dn}
objectClass: inetOrgPerson
entryUUID: ${id}
uid: ${name}
cn: ${given} ${family}
sn: ${family}
givenName: ${given}
displayName: ${given} ${family}
mail: ${name}@example.com
telephoneNumber: +49 30 ${100_000 + index}
title: ${titles[Math.floor(index / names) % titles.length]}
departmentNumber: ${index % 50}
employeeNumber: ${index}
`;
}

function* ldifOfGroup(name: string, members: Iterable<number>): Generator<string> {
  const { id, dn } = groupOf(name, 0);
  yield `\ndn: ${dn}\nobjectClass: groupOfNames\nentryUUID: ${id}\ncn: ${name}\n`;
  for (const member of members) yield `member: uid=user${member},${peopleDn}\n`;
}

function* range(end: number, step: number, start = 0): Generator<number> {
  for (let index = start; index < end; index += step) yield index;
}
