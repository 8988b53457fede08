// What the demo tells a person: where it is, and commands that work as they stand.
import type { DemoDirectory } from './demo-directory.ts';

export interface RunningDemo {
  readonly url: string;
  readonly token: string;
  readonly directory: DemoDirectory;
  /** Ids of some user and some group that exist; absent where there are none. */
  readonly userId: string | undefined;
  readonly groupId: string | undefined;
}

export function describeDemo({ url, token, directory, userId, groupId }: RunningDemo): string {
  const curl = `curl -sS -H 'Authorization: Bearer ${token}'`;
  const send = (method: string, body: unknown): string =>
    `${curl} -X ${method} -H 'Content-Type: application/scim+json' -d '${JSON.stringify(body)}'`;
  const patch = (operation: unknown): unknown => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [operation],
  });
  const examples: (readonly [string, string])[] = [
    ['List people', `${curl} '${url}/Users?count=2'`],
    ['Filter', `${curl} -G '${url}/Users' --data-urlencode 'filter=name.familyName sw "M" and active eq true'`],
    [
      'Create',
      `${send('POST', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'bjensen',
        name: { givenName: 'Barbara', familyName: 'Jensen' },
        emails: [{ value: 'bjensen@example.com', type: 'work' }],
      })} '${url}/Users'`,
    ],
  ];
  if (userId !== undefined) {
    const operation = { op: 'replace', path: 'title', value: 'Tour guide' };
    examples.push(['Patch', `${send('PATCH', patch(operation))} '${url}/Users/${userId}'`]);
  }
  if (userId !== undefined && groupId !== undefined) {
    const operation = { op: 'add', path: 'members', value: [{ value: userId }] };
    examples.push([
      'Add to a group',
      `${send('PATCH', patch(operation))} '${url}/Groups/${groupId}?attributes=displayName'`,
    ]);
  }
  return [
    `SCIM base URL  ${url}`,
    `Bearer token   ${token}`,
    `Directory      ${directory.url}  (${directory.bindDn}, password ${directory.password})`,
    '',
    ...examples.flatMap(([title, line]) => [`# ${title}`, line, '']),
    'Ctrl-C ends it. Nothing is kept.',
  ].join('\n');
}
