// HTTP Basic by a bind to the directory, through a whole server: on the embedded directory and on OpenLDAP.
import assert from 'node:assert/strict';
import { hashToken } from '../../src/auth/bearer.ts';
import type { UserEntry } from '../../src/auth/directory-password.ts';
import { demoConfig } from '../../src/cli/demo/demo-config.ts';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import type { Observation } from '../../src/observe/observation.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { interop } from '../../src/scim/profile.ts';
import { urns } from '../../src/scim/urns.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { launchOpenLdap } from '../directories/openldap/launch.ts';

const suffix = 'dc=example,dc=com';
const password = 'A password: with colons';

async function startEmbedded() {
  const directory = createEmbeddedDirectory({ suffix });
  const { url } = await directory.listen();
  const { dn: bindDn, password: own } = directory.administrator;
  return { url, bindDn, password: own, stop: () => directory.close() };
}

for (const [name, start] of [
  ['the embedded directory', startEmbedded],
  ['OpenLDAP', () => launchOpenLdap({ suffix })],
] as const) {
  describe(`HTTP Basic on ${name}`, () => {
    let directory: Awaited<ReturnType<typeof startEmbedded>>;
    const servers = new Map<string, RunningServer>();
    const observations: Observation[] = [];
    let token: string;
    let id: unknown;

    const people = `ou=people,${suffix}`;
    const entries: Readonly<Record<string, UserEntry>> = {
      template: { kind: 'template', dn: `uid={user},${people}` },
      search: {
        kind: 'search',
        base: people,
        scope: 'subtree',
        filter: parseLdapFilter('(|(uid={user})(mail={user}))'),
      },
    };

    before(async () => {
      directory = await start();
      const target = { ...directory, suffix, mapping: 'openldap/inet-org-person.yaml' };
      const demo = demoConfig(target, 0);
      ({ token } = demo);
      const [tenant] = demo.config.tenants;
      for (const [way, entry] of Object.entries(entries)) {
        const credentials = [
          { name: 'demo', profile: interop, method: { kind: 'bearer', tokens: [{ tokenHash: hashToken(token) }] } },
          { name: 'staff', profile: interop, method: { kind: 'basic', source: 'directory', entry } },
        ] as const;
        const limits = { ...tenant!.limits, authenticationFailures: 1000 };
        const config = { ...demo.config, tenants: [{ ...tenant!, credentials, limits }] };
        servers.set(way, await startServer(config, (observation) => observations.push(observation)));
      }
      const answer = await send('template', `Bearer ${token}`, '/Users', {
        method: 'POST',
        body: JSON.stringify({
          schemas: [urns.user],
          userName: 'ada',
          name: { familyName: 'Lovelace', givenName: 'Ada' },
          emails: [{ value: 'ada@example.com', type: 'work' }],
          password,
        }),
      });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      id = answer.body['id'];
    });
    after(async () => {
      for (const server of servers.values()) await server.stop('test', 1);
      await directory.stop();
    });

    async function send(way: string, authorization: string, path: string, init: RequestInit = {}) {
      const headers = { Authorization: authorization, 'Content-Type': 'application/scim+json' };
      const response = await fetch(`${servers.get(way)!.url}${path}`, { ...init, headers });
      return { status: response.status, body: (await response.json()) as JsonObject };
    }
    const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

    for (const way of ['template', 'search']) {
      it(`${way}: lets in with the password, and /Me is the own entry`, async () => {
        const { status, body } = await send(way, basic('ada', password), '/Me');
        assert.deepEqual([status, body['id'], body['userName']], [200, id, 'ada']);
      });

      for (const [title, user, secret] of [
        ['a wrong password', 'ada', 'wrong'],
        ['a password in other case', 'ada', password.toUpperCase()],
        ['a user that is not there', 'nobody', password],
        ['any user', '*', password],
        ['the DN of another base', `ada,ou=groups`, password],
        ['a filter in the name', 'ada)(objectClass=*', password],
        ['a password of blanks', 'ada', ' '],
      ] as const) {
        it(`${way}: refuses ${title}`, async () => {
          assert.equal((await send(way, basic(user, secret), '/Users')).status, 401);
        });
      }
    }

    it('search: by another name of the same user', async () => {
      assert.equal((await send('search', basic('ada@example.com', password), '/Me')).body['id'], id);
    });

    it('/Me of a token is nobody, of a user that exists only in the directory neither', async () => {
      assert.equal((await send('template', `Bearer ${token}`, '/Me')).status, 404);
    });

    it('the log names the caller, and never a password', () => {
      const clients = observations.flatMap((each) => (each.kind === 'request' ? [each.client] : []));
      assert.ok(clients.includes('staff/ada'));
      assert.doesNotMatch(JSON.stringify(observations), /with colons/i);
    });

    it('the configuration tells the methods in use', async () => {
      const { body } = await send('template', '', '/ServiceProviderConfig');
      const schemes = body['authenticationSchemes'] as unknown as readonly JsonObject[];
      assert.deepEqual(
        schemes.map(({ type }) => type),
        ['oauthbearertoken', 'httpbasic'],
      );
    });
  });
}
