// Who may do what, as a table: every credential against every tenant by every operation, with the status that it gets.
// What the table does not open stays shut: each credential of another tenant, none, and one that nobody has get 401.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { printProblem } from '../../src/util/problem.ts';

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);

const tenants = ['north', 'south'] as const;
type Tenant = (typeof tenants)[number];

/** By credential; each is of one tenant. Without permissions: everything. */
const credentials = {
  admin: { tenant: 'north', permissions: undefined },
  reader: { tenant: 'north', permissions: { User: { operations: ['read'] }, Group: { operations: ['read'] } } },
  clerk: {
    tenant: 'north',
    permissions: {
      User: {
        operations: ['read', 'create', 'modify'],
        filter: 'title eq "Guide"',
        unreadable: ['nickName'],
        unwritable: ['displayName'],
      },
    },
  },
  desk: { tenant: 'north', permissions: { User: { operations: ['setPassword'] } } },
  groups: { tenant: 'north', permissions: { Group: { operations: ['read', 'create', 'modify', 'delete'] } } },
  nothing: { tenant: 'north', permissions: {} },
  other: { tenant: 'south', permissions: undefined },
  guest: { tenant: 'south', permissions: { User: { operations: ['read'] } } },
} as const;
type Caller = keyof typeof credentials;

interface Sample {
  /** A guide, whom the clerk sees, and somebody else. */
  readonly guide: string;
  readonly guard: string;
  readonly group: string;
}

type Request = readonly [method: string, path: string, body?: JsonObject];

const patch = (...Operations: JsonObject[]): JsonObject => ({ schemas: [urns.patchOp], Operations });
const user = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: [urns.user],
  userName,
  name: { familyName: 'X' },
  title: 'Guide',
  ...more,
});
const search = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`;

/** Each is sent to resources of its own, so that no answer depends on another one. */
const operations: Readonly<Record<string, (sample: Sample, name: string) => Request>> = {
  'read a guide': ({ guide }) => ['GET', `/Users/${guide}`],
  'read a guard': ({ guard }) => ['GET', `/Users/${guard}`],
  'list users': () => ['GET', '/Users'],
  'filter by userName': () => ['GET', search('userName pr')],
  'filter by nickName': () => ['GET', search('nickName pr')],
  'sort by nickName': () => ['GET', '/Users?sortBy=nickName'],
  'search by POST': () => ['POST', '/Users/.search', { schemas: [urns.searchRequest] }],
  'search at the root': () => ['GET', '/?count=1'],
  'create a guide': (_sample, name) => ['POST', '/Users', user(name)],
  'create a guard': (_sample, name) => ['POST', '/Users', user(name, { title: 'Guard' })],
  'create with a password': (_sample, name) => ['POST', '/Users', user(name, { password: 'Some-Pass-12' })],
  'patch a guide': ({ guide }) => ['PATCH', `/Users/${guide}`, patch({ op: 'replace', path: 'nickName', value: 'N' })],
  'patch a guard': ({ guard }) => ['PATCH', `/Users/${guard}`, patch({ op: 'replace', path: 'nickName', value: 'N' })],
  'patch displayName': ({ guide }) => [
    'PATCH',
    `/Users/${guide}`,
    patch({ op: 'replace', path: 'displayName', value: 'D' }),
  ],
  'promote a guide': ({ guide }) => [
    'PATCH',
    `/Users/${guide}`,
    patch({ op: 'replace', path: 'title', value: 'Guard' }),
  ],
  'set a password': ({ guide }) => [
    'PATCH',
    `/Users/${guide}`,
    patch({ op: 'replace', path: 'password', value: 'Some-Pass-34' }),
  ],
  'replace a guide': ({ guide }, name) => ['PUT', `/Users/${guide}`, user(`${name}-put`)],
  'delete a guide': ({ guide }) => ['DELETE', `/Users/${guide}`],
  'read a group': ({ group }) => ['GET', `/Groups/${group}`],
  'create a group': (_sample, name) => ['POST', '/Groups', { schemas: [urns.group], displayName: name }],
  'patch a group': ({ group }) => ['PATCH', `/Groups/${group}`, patch({ op: 'remove', path: 'members' })],
  'delete a group': ({ group }) => ['DELETE', `/Groups/${group}`],
  discover: () => ['GET', '/Schemas'],
};

const all = {
  'read a guide': 200,
  'read a guard': 200,
  'list users': 200,
  'filter by userName': 200,
  'filter by nickName': 200,
  'sort by nickName': 200,
  'search by POST': 200,
  'search at the root': 200,
  'create a guide': 201,
  'create a guard': 201,
  'create with a password': 201,
  'patch a guide': 200,
  'patch a guard': 200,
  'patch displayName': 200,
  'promote a guide': 200,
  'set a password': 200,
  'replace a guide': 200,
  'delete a guide': 204,
  'read a group': 200,
  'create a group': 201,
  'patch a group': 204,
  'delete a group': 204,
  discover: 200,
};
type Operation = keyof typeof all;

/** All but what is named is 403. */
const only = (...open: readonly Operation[]): typeof all =>
  Object.fromEntries(
    Object.entries(all).map(([name, status]) => [name, open.includes(name as Operation) ? status : 403]),
  ) as typeof all;

const reads = ['read a guide', 'read a guard', 'list users', 'filter by userName', 'search by POST'] as const;
const readsMore = [...reads, 'filter by nickName', 'sort by nickName', 'search at the root', 'discover'] as const;

/** At the tenant that the credential is of. */
const expected: Readonly<Record<Caller, Readonly<Record<Operation, number>>>> = {
  admin: all,
  reader: only(...readsMore, 'read a group'),
  clerk: {
    ...only(...reads, 'search at the root', 'create a guide', 'patch a guide', 'replace a guide', 'discover'),
    'read a guard': 404,
    'patch a guard': 404,
  },
  desk: only('set a password', 'discover'),
  groups: only('search at the root', 'read a group', 'create a group', 'patch a group', 'delete a group', 'discover'),
  nothing: only('discover'),
  other: all,
  guest: only(...readsMore),
};

describe('who may do what', () => {
  const directories: EmbeddedDirectory[] = [];
  const tokens = Object.fromEntries(
    Object.keys(credentials).map((name) => [name, `token-of-${name}-of-the-matrix-0123456789`]),
  ) as Record<Caller, string>;
  let server: RunningServer;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-matrix-'));
    const blocks: Record<string, unknown> = {};
    for (const tenant of tenants) {
      const directory = createEmbeddedDirectory({
        suffix: 'dc=example,dc=com',
        schemaLdif: [readFileSync(schemaFile, 'utf8')],
      });
      directories.push(directory);
      const { url } = await directory.listen();
      const { dn, password } = directory.administrator;
      const own = Object.entries(credentials).filter(([, credential]) => credential.tenant === tenant);
      for (const [name] of own) writeFileSync(path.join(folder, name), tokens[name as Caller]);
      blocks[tenant] = {
        path: `/${tenant}`,
        directory: { urls: [url], bind: { dn, password } },
        credentials: own.map(([name, { permissions }]) => ({
          name,
          bearer: { tokenFile: name },
          ...(permissions === undefined ? {} : { permissions }),
        })),
      };
    }
    const mapping = {
      file: 'scim-ldap/openldap/inet-org-person-scim.yaml',
      variables: { suffix: 'dc=example,dc=com' },
    };
    // Hundreds of requests with a credential of the other tenant come from one address.
    const limits = { authenticationFailures: 10_000 };
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(file, stringify({ listen: { port: 0 }, mapping, limits, tenants: blocks }));
    const { config, problems } = loadGatewayFile(file);
    assert.ok(config !== undefined, problems.map(printProblem).join('\n'));
    server = await startServer(config, () => undefined);
  });
  after(async () => {
    await server.stop('test');
    await Promise.all(directories.map((directory) => directory.close()));
    rmSync(folder, { recursive: true });
  });

  const send = async (tenant: Tenant, token: string | undefined, [method, at, body]: Request) => {
    const headers = {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
    };
    const options = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${server.url}/${tenant}${at}`, options);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as JsonObject) };
  };

  let samples = 0;
  const make = async (tenant: Tenant): Promise<Sample & { readonly name: string }> => {
    samples += 1;
    const name = `mx-${samples}`;
    const token = tokens[tenant === 'north' ? 'admin' : 'other'];
    const create = async (at: string, body: JsonObject): Promise<string> => {
      const answer = await send(tenant, token, ['POST', at, body]);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return String(answer.body['id']);
    };
    const guide = await create('/Users', user(`${name}-guide`));
    return {
      name: `${name}-new`,
      guide,
      guard: await create('/Users', user(`${name}-guard`, { title: 'Guard' })),
      group: await create('/Groups', {
        schemas: [urns.group],
        displayName: `${name}-group`,
        members: [{ value: guide }],
      }),
    };
  };

  for (const caller of Object.keys(credentials) as Caller[]) {
    for (const tenant of tenants) {
      const isOwn = credentials[caller].tenant === tenant;
      it(`${caller} at ${tenant}: ${isOwn ? 'as the table says' : 'nothing'}`, async () => {
        const found: Record<string, number> = {};
        const wanted: Record<string, number> = {};
        for (const [operation, request] of Object.entries(operations)) {
          const sample = await make(tenant);
          found[operation] = (await send(tenant, tokens[caller], request(sample, sample.name))).status;
          wanted[operation] = isOwn ? expected[caller][operation as Operation] : 401;
        }
        assert.deepEqual(found, wanted);
      });
    }
  }

  for (const [who, token] of [
    ['nobody', undefined],
    ['a token that is none', 'a-token-that-nobody-was-ever-given-0123'],
  ] as const) {
    it(`${who}: nothing at either tenant`, async () => {
      for (const tenant of tenants) {
        for (const [operation, request] of Object.entries(operations)) {
          const sample = await make(tenant);
          const { status } = await send(tenant, token, request(sample, sample.name));
          assert.ok(status === 401 || status === 429, `${operation} at ${tenant}: ${status}`);
        }
      }
    });
  }

  it('covers every operation of the table', () => {
    assert.deepEqual(Object.keys(operations).sort(), Object.keys(all).sort());
  });
});
