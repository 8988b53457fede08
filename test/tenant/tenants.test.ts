// Four tenants behind one socket, on two real directories, and everything that a caller of one could try to reach another.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { Observation } from '../../src/observe/observation.ts';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { printProblem } from '../../src/util/problem.ts';
import { findFreePort } from '../directories/loopback.ts';
import { createSuiteBase, getOpenLdap } from '../directories/openldap/shared.ts';

const schemaFile = new URL('../../mappings/openldap/scim-person.ldif', import.meta.url);
const tokens = {
  one: 'token-of-tenant-one-0123456789',
  two: 'token-of-tenant-two-0123456789',
  three: 'token-of-tenant-three-0123456789',
  late: 'token-of-tenant-late-0123456789',
} as const;
type Tenant = keyof typeof tokens;

/** `three` stands in front of the same part of the same directory as `one`, and is told apart by its host. */
const bases = { one: '/one/scim/v2', two: '/two/scim/v2', three: '/scim/v2', late: '/late/scim/v2' } as const;

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly text: string;
}

describe('tenants', () => {
  const embedded: EmbeddedDirectory[] = [];
  const told: { readonly tenant: string | undefined; readonly observation: Observation }[] = [];
  let folder: string;
  let latePort: number;
  let adminPort: number;
  let server: RunningServer;
  const ids: Record<string, string> = {};

  function makeEmbedded(): EmbeddedDirectory {
    const schemaLdif = [readFileSync(schemaFile, 'utf8')];
    const directory = createEmbeddedDirectory({ suffix: 'dc=example,dc=com', schemaLdif, unique: [] });
    embedded.push(directory);
    return directory;
  }

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-tenants-'));
    const openLdap = { ...(await getOpenLdap()), ...(await createSuiteBase('tenants')) };
    const directoryOfTwo = makeEmbedded();
    const { url } = await directoryOfTwo.listen();
    latePort = await findFreePort();
    adminPort = await findFreePort();
    const administrator = directoryOfTwo.administrator;
    const block = (address: string, dn: string, password: string) => ({ urls: [address], bind: { dn, password } });
    const people = (base: string) => ({ suffix: base, people: `ou=people,${base}`, groups: `ou=groups,${base}` });
    const credentials = (tenant: Tenant, profile: string) => {
      writeFileSync(path.join(folder, `${tenant}.token`), tokens[tenant]);
      // The same name everywhere, as the names of credentials are a tenant's own business.
      return [{ name: 'client', profile, bearer: { tokenFile: `${tenant}.token` } }];
    };
    const file = {
      listen: { port: 0 },
      admin: { port: adminPort },
      trustedProxies: ['127.0.0.2'],
      directory: block(openLdap.url, openLdap.bindDn, openLdap.password),
      mapping: { file: 'scim-ldap/openldap/inet-org-person-scim.yaml', variables: people(openLdap.baseDn) },
      limits: { defaultCount: 20, maxCount: 50, bodyBytes: 65_536, authenticationFailures: 100_000 },
      tenants: {
        one: { path: bases.one, credentials: credentials('one', 'interop') },
        two: {
          path: bases.two,
          directory: block(url, administrator.dn, administrator.password),
          mapping: { file: 'scim-ldap/openldap/inet-org-person.yaml', variables: people('dc=example,dc=com') },
          limits: { defaultCount: 7, maxCount: 7, bodyBytes: 2048 },
          discovery: { public: 'none' },
          credentials: credentials('two', 'strict'),
        },
        three: { hosts: ['Three.example'], credentials: credentials('three', 'interop') },
        late: {
          path: bases.late,
          directory: {
            ...block(`ldap://127.0.0.1:${latePort}`, administrator.dn, administrator.password),
            timeouts: { connectSeconds: 1 },
          },
          mapping: { file: 'scim-ldap/openldap/inet-org-person.yaml', variables: people('dc=example,dc=com') },
          credentials: credentials('late', 'interop'),
        },
      },
    };
    const name = path.join(folder, 'gateway.yaml');
    writeFileSync(name, stringify(file));
    const { config, problems } = loadGatewayFile(name, {});
    const errors = problems.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors.map(printProblem), []);
    assert.ok(config);
    server = await startServer(config, (observation, tenant) => told.push({ tenant, observation }));
    for (const tenant of ['one', 'two'] as const) {
      ids[tenant] = await create(tenant, '/Users', user(`${tenant}.person`));
      for (const number of [1, 2, 3]) await create(tenant, '/Users', user(`${tenant}.${number}`));
      ids[`${tenant}-group`] = await create(tenant, '/Groups', {
        schemas: [groupUrn],
        displayName: `group of ${tenant}`,
      });
    }
  });

  after(async () => {
    await server?.stop('test', 1);
    await Promise.all(embedded.map((directory) => directory.close()));
    rmSync(folder, { recursive: true });
  });

  const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
  const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
  const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

  function user(userName: string): JsonObject {
    return { schemas: [userUrn], userName, name: { familyName: 'Person', givenName: userName } };
  }

  /** The octets of a request as given: no client puts a path or a header in order. */
  function raw(request: string, localAddress = '127.0.0.1'): Promise<Answer> {
    const port = Number(new URL(server.url).port);
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host: '127.0.0.1', localAddress });
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => {
        const body = text.slice(text.indexOf('\r\n\r\n') + 4);
        const isJson = body.startsWith('{');
        resolve({ status: Number(text.slice(9, 12)), body: isJson ? (JSON.parse(body) as JsonObject) : {}, text });
      });
      socket.write(request);
    });
  }

  interface Call {
    readonly host?: string;
    readonly token?: string;
    readonly headers?: readonly string[];
    readonly body?: JsonValue;
    readonly from?: string;
  }

  /** `target` as it goes onto the wire. */
  function call(method: string, target: string, { host = 'any.example', token, headers = [], body, from }: Call) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const lines = [
      `${method} ${target} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: close',
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
      ...(body === undefined
        ? []
        : ['Content-Type: application/scim+json', `Content-Length: ${Buffer.byteLength(text)}`]),
      ...headers,
    ];
    return raw(`${lines.join('\r\n')}\r\n\r\n${text}`, from);
  }

  /** As a client of the tenant would. */
  function scim(tenant: Tenant, method: string, target: string, more: Call = {}): Promise<Answer> {
    const host = tenant === 'three' ? 'three.example' : 'any.example';
    return call(method, `${bases[tenant]}${target}`, { host, token: tokens[tenant], ...more });
  }

  async function create(tenant: Tenant, target: string, body: JsonObject): Promise<string> {
    const answer = await scim(tenant, 'POST', target, { body });
    assert.equal(answer.status, 201, answer.text);
    return String(answer.body['id']);
  }

  const idOf = (name: string): string => ids[name] ?? assert.fail(`no id of ${name}`);
  const bulk = (operation: JsonObject): JsonObject => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [operation],
  });
  const patch: JsonObject = { schemas: [patchUrn], Operations: [{ op: 'replace', path: 'title', value: 'taken' }] };
  const search: JsonObject = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'id pr' };

  /** What the tenant holds, to be the same after an attempt. */
  async function contents(tenant: Tenant): Promise<unknown> {
    const [users, groups] = [await scim(tenant, 'GET', '/Users'), await scim(tenant, 'GET', '/Groups')];
    assert.deepEqual([users.status, groups.status], [200, 200]);
    return [users.body['Resources'], groups.body['Resources']];
  }

  it('each has its own people, in its own directory', async () => {
    for (const [tenant, other] of [
      ['one', 'two'],
      ['two', 'one'],
    ] as const) {
      const answer = await scim(tenant, 'GET', '/Users');
      assert.match(answer.text, new RegExp(`"${tenant}\\.person"`));
      assert.doesNotMatch(answer.text, new RegExp(`"${other}\\.`));
      const location = `http://any.example${bases[tenant]}/Users/${idOf(tenant)}`;
      assert.ok(answer.text.includes(location), 'meta.location is of the tenant');
    }
  });

  it('each has its own mapping, limits and discovery', async () => {
    const [one, two] = [await scim('one', 'GET', '/Schemas'), await scim('two', 'GET', '/Schemas')];
    assert.match(one.text, /"locale"/);
    assert.doesNotMatch(two.text, /"locale"/);
    const provider = async (tenant: Tenant) => (await scim(tenant, 'GET', '/ServiceProviderConfig')).body['filter'];
    assert.deepEqual(
      [await provider('one'), await provider('two')],
      [
        { supported: true, maxResults: 50 },
        { supported: true, maxResults: 7 },
      ],
    );
    const large = { ...user('large'), title: 'x'.repeat(4000) };
    assert.equal((await scim('two', 'POST', '/Users', { body: large })).status, 413);
    assert.notEqual((await scim('one', 'POST', '/Users', { body: { ...large, name: {} } })).status, 413);
    assert.equal((await call('GET', `${bases.one}/ServiceProviderConfig`, {})).status, 200);
    assert.equal((await call('GET', `${bases.two}/ServiceProviderConfig`, {})).status, 401);
  });

  describe('a token of one opens no door of another', () => {
    for (const [holder, tenant] of [
      ['one', 'two'],
      ['two', 'one'],
      ['one', 'three'],
      ['three', 'one'],
    ] as const) {
      it(`${holder} at ${tenant}`, async () => {
        const before = await contents(tenant);
        const id = idOf(tenant === 'three' ? 'one' : tenant);
        for (const [method, target, body] of [
          ['GET', '/Users'],
          ['GET', `/Users/${id}`],
          ['GET', '/'],
          ['GET', '/Schemas'],
          ['POST', '/Users', user('intruder')],
          ['PUT', `/Users/${id}`, user('intruder')],
          ['PATCH', `/Users/${id}`, patch],
          ['DELETE', `/Users/${id}`],
          ['POST', '/.search', search],
          ['POST', '/Users/.search', search],
          ['POST', '/Bulk', bulk({ method: 'DELETE', path: `/Users/${id}` })],
        ] as const) {
          const answer = await scim(tenant, method, target, { token: tokens[holder], ...(body && { body }) });
          assert.equal(answer.status, 401, `${method} ${target}`);
        }
        assert.deepEqual(await contents(tenant), before);
      });
    }
  });

  describe('an id of one is nobody at another', () => {
    for (const [method, body] of [['GET'], ['PUT', user('intruder')], ['PATCH', patch], ['DELETE']] as const) {
      it(`${method} is 404`, async () => {
        const answer = await scim('two', method, `/Users/${idOf('one')}`, { ...(body && { body }) });
        assert.equal(answer.status, 404);
      });
    }

    it('as a member it is refused', async () => {
      const value = [{ value: idOf('one') }];
      const body = { schemas: [patchUrn], Operations: [{ op: 'add', path: 'members', value }] };
      const answer = await scim('two', 'PATCH', `/Groups/${idOf('two-group')}`, { body });
      assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidValue'], answer.text);
    });

    it('a filter, .search and bulk do not find it', async () => {
      const filter = `id eq "${idOf('one')}"`;
      const found = await scim('two', 'GET', `/Users?filter=${encodeURIComponent(filter)}`);
      assert.equal(found.body['totalResults'], 0);
      const all = await scim('two', 'POST', '/.search', { body: { ...search, filter } });
      assert.equal(all.body['totalResults'], 0);
      const answer = await scim('two', 'POST', '/Bulk', {
        body: bulk({ method: 'DELETE', path: `/Users/${idOf('one')}` }),
      });
      assert.match(answer.text, /"status":"404"/);
      assert.equal((await scim('one', 'GET', `/Users/${idOf('one')}`)).status, 200);
    });
  });

  it('a version of one is not the version at another', async () => {
    const { text } = await scim('one', 'GET', `/Users/${idOf('one')}`);
    const etag = /^etag: (.*)\r$/im.exec(text)?.[1] ?? assert.fail('no ETag');
    const own = await scim('two', 'GET', `/Users/${idOf('two')}`, { headers: [`If-None-Match: ${etag}`] });
    assert.equal(own.status, 200);
    const write = await scim('two', 'PATCH', `/Users/${idOf('two')}`, { headers: [`If-Match: ${etag}`], body: patch });
    assert.equal(write.status, 412);
  });

  for (const other of ['two', 'three'] as const) {
    it(`a cursor of one is none at ${other}${other === 'three' ? ', on the same directory, with the same names' : ''}`, async () => {
      const first = await scim('one', 'GET', '/Users?cursor&count=2');
      assert.equal(first.status, 200, first.text);
      const next = `/Users?cursor=${String(first.body['nextCursor'])}&count=2`;
      const answer = await scim(other, 'GET', next);
      assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidCursor']);
      assert.equal((await scim('one', 'GET', next)).status, 200);
    });
  }

  it('pages of one come from nothing that another keeps', async () => {
    const total = Number((await scim('one', 'GET', '/Users?startIndex=1&count=2')).body['totalResults']);
    const added = await create('one', '/Users', user('one.added'));
    const totals = [];
    for (const tenant of ['one', 'three'] as const) {
      totals.push((await scim(tenant, 'GET', '/Users?startIndex=3&count=2')).body['totalResults']);
    }
    await scim('one', 'DELETE', `/Users/${added}`);
    // `one` goes on in the list that it has begun; `three` has none and looks.
    assert.deepEqual(totals, [total, total + 1]);
  });

  describe('a path stays within its tenant', () => {
    for (const target of [
      '/two/scim/v2/../../../one/scim/v2/Users/ID',
      '/two/../one/scim/v2/Users/ID',
      '/two/./../one/scim/v2/Users/ID',
      '/two/%2e%2e/one/scim/v2/Users/ID',
      '/two/scim/v2/%2e%2e/%2e%2e/%2e%2e/one/scim/v2/Users/ID',
      '/two/scim/v2/..%2f..%2f..%2fone/scim/v2/Users/ID',
      '/two/scim/v2/%252e%252e/one/scim/v2/Users/ID',
      '/two/scim/v2/Users/..%2F..%2F..%2F..%2Fone%2Fscim%2Fv2%2FUsers%2FID',
      '/two/scim/v2\\..\\..\\..\\one\\scim\\v2\\Users\\ID',
      '/two/scim/v2/..;/..;/..;/one/scim/v2/Users/ID',
      '/two/scim/v2//one/scim/v2/Users/ID',
      '//one/scim/v2/Users/ID',
      '/one//scim/v2/Users/ID',
      '/ONE/scim/v2/Users/ID',
      '/One/scim/v2/users/ID',
      '/%6fne/scim/v2/Users/ID',
      '/one%2fscim/v2/Users/ID',
      '/one%00/scim/v2/Users/ID',
      '/one/scim/v2/Users/ID?x=/two/scim/v2',
      '/one/scim/v2/Users/ID#/two/scim/v2',
      'http://any.example/one/scim/v2/Users/ID',
      'http://any.example/two/scim/v2/../../../one/scim/v2/Users/ID',
      'http://three.example/scim/v2/Users/ID',
      'http://two@three.example/scim/v2/Users/ID',
      '/one/scim/v20/Users/ID',
      '/one/scim/Users/ID',
      '/scim/v2/Users/ID',
    ]) {
      it(`${target} with the token of two`, async () => {
        const sent = target.replaceAll('ID', idOf('one'));
        const answer = await call('GET', sent, { token: tokens.two });
        assert.ok([400, 401, 404].includes(answer.status), answer.text);
        assert.doesNotMatch(answer.text, /one\.person/);
      });
    }

    for (const path of [
      '/../../../one/scim/v2/Users/ID',
      '/one/scim/v2/Users/ID',
      'http://any.example/one/scim/v2/Users/ID',
      '//any.example/one/scim/v2/Users/ID',
      '/Users/../../../../one/scim/v2/Users/ID',
      '/Users/%2e%2e/ID',
      '/Users/ID',
    ]) {
      it(`a bulk operation on ${path} at two`, async () => {
        const body = bulk({ method: 'DELETE', path: path.replaceAll('ID', idOf('one')) });
        const answer = await scim('two', 'POST', '/Bulk', { body });
        assert.doesNotMatch(answer.text, /"status":"20/);
        assert.equal((await scim('one', 'GET', `/Users/${idOf('one')}`)).status, 200);
      });
    }
  });

  describe('a host leads to its tenant, and to no other', () => {
    const target = '/scim/v2/Users?count=0';
    for (const [title, host, status] of [
      ['its name', 'three.example', 200],
      ['in capitals', 'THREE.EXAMPLE', 200],
      ['with a port', 'three.example:8443', 200],
      ['with the dot of the root', 'three.example.', 200],
      ['another name', 'four.example', 404],
      ['a name that ends as it', 'x.three.example', 404],
      ['a name that begins as it', 'three.example.evil.example', 404],
      ['what is no name', 'three.example/x', 404],
      ['two names', 'three.example, four.example', 404],
    ] as const) {
      it(`${title} is ${status}`, async () => {
        assert.equal((await call('GET', target, { host, token: tokens.three })).status, status);
      });
    }

    it('one token at another host is 401', async () => {
      assert.equal((await call('GET', target, { host: 'three.example', token: tokens.one })).status, 401);
    });

    it('two Host headers are refused, whichever comes first', async () => {
      for (const [host, second] of [
        ['three.example', 'any.example'],
        ['any.example', 'three.example'],
      ] as const) {
        const answer = await call('GET', target, { host, token: tokens.three, headers: [`Host: ${second}`] });
        assert.ok([400, 404].includes(answer.status), answer.text);
      }
    });

    it('the URL counts before the Host header', async () => {
      const url = `http://three.example${target}`;
      assert.equal((await call('GET', url, { host: 'any.example', token: tokens.three })).status, 200);
      const other = `http://any.example${target}`;
      assert.equal((await call('GET', other, { host: 'three.example', token: tokens.three })).status, 404);
    });

    it('X-Forwarded-Host counts of a trusted proxy alone', async () => {
      const headers = ['X-Forwarded-Host: three.example'];
      const ask = (from: string) => call('GET', target, { token: tokens.three, headers, from });
      assert.equal((await ask('127.0.0.1')).status, 404);
      assert.equal((await ask('127.0.0.2')).status, 200);
    });

    it('X-Forwarded-Host of anybody does not lead away from three', async () => {
      const headers = ['X-Forwarded-Host: any.example', 'X-Original-URL: /one/scim/v2/Users', 'Forwarded: host=x'];
      assert.equal((await call('GET', target, { host: 'three.example', token: tokens.three, headers })).status, 200);
    });
  });

  it('each has connections of its own, to the same server, too', () => {
    const opened = (tenant: Tenant) =>
      told.filter((each) => {
        const { observation } = each;
        return each.tenant === tenant && observation.kind === 'ldapConnection' && observation.state === 'opened';
      }).length;
    for (const tenant of ['one', 'two', 'three'] as const) assert.ok(opened(tenant) > 0, tenant);
  });

  it('metrics of one count nothing of another', async () => {
    const count = async (tenant: Tenant): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
      const rows = text.matchAll(/^scim_ldap_requests_total\{tenant="(\w*)",.*\} (\d+)$/gm);
      return [...rows].reduce((sum, [, name, requests]) => sum + (name === tenant ? Number(requests) : 0), 0);
    };
    const before = [await count('one'), await count('two'), await count('three')];
    await scim('two', 'GET', '/Users');
    await scim('two', 'GET', `/Users/${idOf('one')}`);
    await scim('two', 'GET', '/Users', { token: tokens.one });
    const after = [await count('one'), await count('two'), await count('three')];
    assert.deepEqual(after, [before[0], Number(before[1]) + 3, before[2]]);
  });

  it('everything that is told of a request names its tenant, and of a request for none no tenant', async () => {
    const before = told.length;
    await scim('one', 'PATCH', `/Users/${idOf('one')}`, { body: patch, headers: ['X-Request-Id: of-one'] });
    await scim('three', 'GET', '/Users', { headers: ['X-Request-Id: of-three'] });
    await call('GET', '/nowhere', { headers: ['X-Request-Id: of-nobody'] });
    const since = told.slice(before);
    const tenantsOf = (requestId: string) =>
      since.flatMap(({ tenant, observation }) =>
        'requestId' in observation && observation.requestId === requestId ? [`${observation.kind} ${tenant}`] : [],
      );
    assert.deepEqual(tenantsOf('of-one').toSorted(), ['change one', 'request one']);
    assert.deepEqual(tenantsOf('of-three'), ['request three']);
    assert.deepEqual(tenantsOf('of-nobody'), ['request undefined']);
    const ldap = since.filter(({ observation }) => observation.kind === 'ldapOperation');
    assert.deepEqual([...new Set(ldap.map(({ tenant }) => tenant))].toSorted(), ['one', 'three']);
  });

  it('one whose directory is down stops no other, and is served when it comes', async () => {
    const answer = await scim('late', 'GET', '/Users');
    assert.equal(answer.status, 503);
    assert.match(answer.text, /^retry-after: \d+\r$/im);
    assert.doesNotMatch(answer.text, /ldap|127\.0\.0\.1/i);
    const failure = told.find(({ observation }) => observation.kind === 'tenantFailed');
    assert.equal(failure?.tenant, 'late');
    assert.match(String(failure.observation.kind === 'tenantFailed' && failure.observation.error), /tenant late: The/);
    assert.deepEqual(
      server.tenants.map(({ name, gateway }) => [name, gateway() !== undefined]),
      [
        ['one', true],
        ['two', true],
        ['three', true],
        ['late', false],
      ],
    );
    const directory = makeEmbedded();
    await directory.listen(latePort);
    const deadline = Date.now() + 20_000;
    while ((await scim('late', 'GET', '/Users')).status !== 200) {
      assert.ok(Date.now() < deadline, 'served in time');
      await sleep(100);
    }
    assert.ok(told.some(({ tenant, observation }) => tenant === 'late' && observation.kind === 'tenantOpened'));
  });
});
