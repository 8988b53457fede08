// Requests and the LDAP operations that they become, for docs/architecture.md.
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/scim/json.ts';
import { type Outcome, startTrial, type Trial } from './trial.ts';

const ldif = `dn: uid=bjensen,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
entryUUID: 1b0f8f5e-7e0f-4f0c-9d65-0e3b4f1d9a01
uid: bjensen
cn: Barbara Jensen
sn: Jensen

dn: uid=jsmith,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
entryUUID: 2c1f8f5e-7e0f-4f0c-9d65-0e3b4f1d9a02
uid: jsmith
cn: John Smith
sn: Smith

dn: cn=guides,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: guides
member: uid=bjensen,ou=people,dc=example,dc=com
`;

/** `GET /Users?filter=...&attributes=userName,groups`. */
export function printSearchRequest(): Promise<string> {
  return show('GET /Users?filter=userName eq "bjensen" and active eq true&attributes=userName,groups');
}

/** One member comes, without anybody reading the others. */
export function printMemberRequest(): Promise<string> {
  return show(
    'PATCH /Groups/<id of guides>',
    patch({ op: 'add', path: 'members', value: [{ value: '<id of jsmith>' }] }),
  );
}

/** A rename with another change. */
export function printRenameRequest(): Promise<string> {
  const operations = [
    { op: 'replace', path: 'title', value: 'Guide' },
    { op: 'replace', path: 'userName', value: 'barbara' },
  ];
  return show('PATCH /Users/<id of bjensen>?attributes=userName', patch(...operations));
}

/** A page that is not the first. */
export function printPageRequest(): Promise<string> {
  return show('GET /Users?startIndex=2&count=1&attributes=userName');
}

function patch(...operations: readonly JsonObject[]): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
}

async function show(line: string, body?: JsonObject): Promise<string> {
  return await withTrial(async (trial) => printOutcome(line, body, await trial.send(line, body)));
}

function printOutcome(line: string, body: JsonObject | undefined, outcome: Outcome): string {
  const operations = [body?.['Operations'] ?? []].flat();
  const asked = [line, ...operations.map((operation) => `  ${JSON.stringify(operation)}`)].join('\n');
  const answer =
    outcome.body === undefined ? '' : `\n${JSON.stringify(outcome.body['Resources'] ?? outcome.body, null, 1)}`;
  return [
    `\`\`\`text\n${asked}\n\`\`\``,
    `becomes`,
    `\`\`\`text\n${outcome.operations.join('\n\n')}\n\`\`\``,
    `and is answered with ${outcome.status}${answer === '' ? '.' : `:\n\n\`\`\`json${answer}\n\`\`\``}`,
  ].join('\n\n');
}

async function withTrial<T>(work: (trial: Trial) => Promise<T>): Promise<T> {
  const schemaLdif = [readFileSync(new URL('../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8')];
  const trial = await startTrial({
    mapping: 'extends: scim-ldap/openldap/inet-org-person-scim.yaml',
    ldif,
    schemaLdif,
  });
  try {
    return await work(trial);
  } finally {
    await trial.stop();
  }
}
