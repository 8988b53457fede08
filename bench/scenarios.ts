// What is measured. Each scenario looks up the ids it needs first, outside the measured time.

import { smallGroups } from './population.ts';
import type { BenchGateway } from './start-gateway.ts';

type Send = (index: number) => ReturnType<BenchGateway['send']>;

export interface Scenario {
  readonly name: string;
  /** By one client: its requests are too heavy, or must follow each other. */
  readonly alone?: true;
  prepare(gateway: BenchGateway): Promise<Send>;
}

export function scenarios(users: number): readonly Scenario[] {
  const someUser = (index: number): number => (index * 7919) % users;
  return [
    {
      name: 'read a person',
      async prepare({ send }) {
        const ids = await idsOf(send, '/Users', 200);
        return (index) => send('GET', `/Users/${ids[index % ids.length]}`);
      },
    },
    {
      name: 'find a person by userName',
      prepare:
        async ({ send }) =>
        (index) =>
          send('GET', search('/Users', `userName eq "user${someUser(index)}"`)),
    },
    {
      name: 'find people by the start of a name',
      prepare:
        async ({ send }) =>
        (index) =>
          send('GET', search('/Users', `name.familyName sw "Family${someUser(index)}"`)),
    },
    {
      name: 'first page of everyone, 100 people',
      prepare:
        async ({ send }) =>
        () =>
          send('GET', '/Users?count=100'),
    },
    {
      name: 'page after page through everyone',
      alone: true,
      prepare:
        async ({ send }) =>
        (index) =>
          send('GET', `/Users?count=100&startIndex=${((index * 100) % users) + 1}`),
    },
    {
      name: 'list groups without members',
      prepare:
        async ({ send }) =>
        () =>
          send('GET', '/Groups?excludedAttributes=members&count=100'),
    },
    {
      name: 'read a group with all people as members',
      alone: true,
      async prepare({ send }) {
        const id = await groupId(send, 'everyone');
        return () => send('GET', `/Groups/${id}`);
      },
    },
    {
      name: 'create and delete a person',
      prepare: async ({ send }) => {
        const run = String(Date.now());
        return async (index) => {
          const userName = `new-${run}-${index}`;
          const created = await send('POST', '/Users', {
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
            userName,
            name: { familyName: 'New', givenName: 'Person' },
            emails: [{ type: 'work', value: `${userName}@example.com` }],
          });
          if (created.status !== 201) return created;
          return await send('DELETE', `/Users/${idOf(JSON.parse(created.text))}`);
        };
      },
    },
    {
      name: 'patch the title of a person',
      async prepare({ send }) {
        const ids = await idsOf(send, '/Users', 200);
        return (index) =>
          send(
            'PATCH',
            `/Users/${ids[index % ids.length]}`,
            patch({ op: 'replace', path: 'title', value: `T${index}` }),
          );
      },
    },
    {
      name: 'add and remove one member of a group of all people',
      alone: true,
      async prepare({ send }) {
        const id = await groupId(send, 'everyone');
        const member = await send('POST', '/Users', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: `member-${Date.now()}`,
          name: { familyName: 'Member' },
        });
        const value = idOf(JSON.parse(member.text));
        return (index) =>
          send(
            'PATCH',
            `/Groups/${id}`,
            patch(
              index % 2 === 0
                ? { op: 'add', path: 'members', value: [{ value }] }
                : { op: 'remove', path: `members[value eq "${value}"]` },
            ),
          );
      },
    },
    {
      name: 'add and remove one member of a small group',
      async prepare({ send }) {
        const groups = await idsOf(send, '/Groups', smallGroups);
        const [value = ''] = await idsOf(send, '/Users', 1);
        return (index) =>
          send(
            'PATCH',
            `/Groups/${groups[index % groups.length]}`,
            patch({ op: index % 2 === 0 ? 'add' : 'remove', path: 'members', value: [{ value }] }),
          );
      },
    },
  ];
}

function search(endpoint: string, filter: string): string {
  return `${endpoint}?filter=${encodeURIComponent(filter)}`;
}

function patch(operation: object): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] };
}

async function groupId(send: BenchGateway['send'], name: string): Promise<string> {
  const { text } = await send('GET', `${search('/Groups', `displayName eq "${name}"`)}&attributes=id`);
  return resourcesOf(text)[0] ?? '';
}

async function idsOf(send: BenchGateway['send'], endpoint: string, count: number): Promise<readonly string[]> {
  const { text } = await send('GET', `${endpoint}?count=${count}&attributes=id`);
  return resourcesOf(text);
}

function resourcesOf(text: string): readonly string[] {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null || !('Resources' in answer) || !Array.isArray(answer.Resources)) {
    throw new Error(`No list: ${text.slice(0, 500)}`);
  }
  return answer.Resources.map(idOf);
}

function idOf(resource: unknown): string {
  if (typeof resource === 'object' && resource !== null && 'id' in resource && typeof resource.id === 'string') {
    return resource.id;
  }
  throw new Error(`No id in ${JSON.stringify(resource).slice(0, 500)}`);
}
