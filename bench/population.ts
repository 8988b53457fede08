// The company that is measured: people with the usual attributes, one group of them all, and small groups.

const suffix = 'dc=example,dc=com';

const smallGroups = 100;

function personDn(index: number): string {
  return `uid=user${index},ou=people,${suffix}`;
}

/** LDIF as a stream: 100,000 people are 30 MB. */
export function* ldifOfCompany(users: number): Generator<string> {
  for (let index = 0; index < users; index += 1) {
    yield `
dn: ${personDn(index)}
objectClass: inetOrgPerson
uid: user${index}
cn: Given${index % 1000} Family${index}
sn: Family${index}
givenName: Given${index % 1000}
displayName: Given${index % 1000} Family${index}
mail: user${index}@example.com
telephoneNumber: +49 30 ${100_000 + index}
title: ${['Engineer', 'Manager', 'Analyst', 'Clerk'][index % 4]}
departmentNumber: ${index % 50}
employeeNumber: ${index}
`;
  }
  yield* ldifOfGroup('everyone', range(users, 1));
  for (let index = 0; index < smallGroups; index += 1) {
    yield* ldifOfGroup(`team${index}`, range(Math.min(users, 50 * smallGroups), smallGroups, index));
  }
}

function* ldifOfGroup(name: string, members: Iterable<number>): Generator<string> {
  yield `\ndn: cn=${name},ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: ${name}\n`;
  for (const member of members) yield `member: ${personDn(member)}\n`;
}

function* range(end: number, step: number, start = 0): Generator<number> {
  for (let index = start; index < end; index += step) yield index;
}
