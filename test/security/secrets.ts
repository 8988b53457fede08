// Secrets are planted wherever one is known or can come in, the gateway runs as it does in production and tells all it can
// (level trace), and everything that it wrote or answered is searched for them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type CliProcess, spawnCli } from '../cli/spawn-cli.ts';
import { findFreePort } from '../directories/loopback.ts';
import type { Place } from '../gateway/harness.ts';

const secrets = {
  token: 'planted-token-Zr4bT9wQ71xEcV2n',
  wrongToken: 'planted-wrong-token-Kd83hS0pLm5y',
  basic: 'planted-basic-Uy6TgB1nMk9oPl',
  queryToken: 'planted-query-token-Aw2SdE4rFg',
  created: 'Planted-Created-7Hj2kLq!',
  replaced: 'Planted-Replaced-9Gf4dSa!',
  patched: 'Planted-Patched-3Zx8cVb!',
  bulk: 'Planted-Bulk-5Nm1qWe!',
  refused: 'Planted-Refused-2Lk6jHg!',
  misplaced: 'Planted-Misplaced-8Po0iUy!',
  filtered: 'Planted-Filtered-4Rt7yUi!',
  broken: 'Planted-Broken-1Bn9mKj!',
} as const;

/** As it is, and as it may be written by something that means well. */
function formsOf(secret: string): readonly string[] {
  const octets = Buffer.from(secret);
  const quoted = Buffer.from(`"${secret}"`, 'utf16le');
  const hash = createHash('sha256').update(secret);
  return [
    secret,
    encodeURIComponent(secret),
    octets.toString('base64').replaceAll('=', ''),
    octets.toString('base64url'),
    octets.toString('hex'),
    quoted.toString('base64').replaceAll('=', ''),
    hash.digest('hex'),
  ];
}

export function describeSecrets(name: string, start: () => Promise<Place>): void {
  describe(`secrets on ${name}`, () => {
    let folder: string;
    let place: Place;
    let running: CliProcess;
    let base: string;
    let adminPort: number;
    const answers: string[] = [];

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-secrets-'));
      place = await start();
      adminPort = await findFreePort();
      running = serve(place.url, place.password);
      ({ url: base } = JSON.parse(await running.line(/"kind":"started"/)) as { readonly url: string });
    });

    after(async () => {
      running?.child.kill('SIGKILL');
      await running?.ended;
      rmSync(folder, { recursive: true });
    });

    function serve(url: string, password: string): CliProcess {
      return spawnCli(['serve', '--config', writeConfig(url)], { SCIM_TOKEN: secrets.token, LDAP_PASSWORD: password });
    }

    function writeConfig(url: string): string {
      const file = path.join(folder, 'gateway.yaml');
      const variables = { suffix: place.suffix, people: place.peopleDn, groups: place.groupsDn };
      writeFileSync(
        file,
        JSON.stringify({
          listen: { port: 0 },
          admin: { port: adminPort },
          directory: { urls: [url], bind: { dn: place.bindDn, passwordEnv: 'LDAP_PASSWORD' } },
          mapping: { file: 'scim-ldap/openldap/inet-org-person-scim.yaml', variables },
          credentials: [{ name: 'tester', bearer: { tokenEnv: 'SCIM_TOKEN' } }],
          log: { level: 'trace' },
        }),
      );
      return file;
    }

    async function scim(method: string, target: string, body?: unknown, authorization = `Bearer ${secrets.token}`) {
      const response = await fetch(`${base}${target}`, {
        method,
        headers: { Authorization: authorization, 'Content-Type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      answers.push(`${method} ${target}`.replace(/\?.*/, ''), JSON.stringify([...response.headers]), text);
      const isJson = text.startsWith('{');
      return { status: response.status, body: isJson ? (JSON.parse(text) as JsonObject) : {} };
    }

    function user(userName: string, password?: string): JsonObject {
      const name = { familyName: 'Person', givenName: 'Some' };
      return { schemas: [urns.user], userName, name, ...(password === undefined ? {} : { password }) };
    }

    function assertNone(texts: readonly string[], where: string): void {
      const all = texts.join('\n');
      for (const [what, secret] of [...Object.entries(secrets), ['password of the bind', place.password]] as const) {
        for (const form of formsOf(secret))
          assert.ok(!all.includes(form), `${where} has the secret "${what}" as ${form}`);
      }
    }

    it('planted in every request that may carry one', async () => {
      const made = await scim('POST', '/Users', user('secret.one', secrets.created));
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const one = `/Users/${String(made.body['id'])}`;
      const patch = (value: JsonObject): JsonObject => ({ schemas: [urns.patchOp], Operations: [value] });
      assert.equal((await scim('PUT', one, user('secret.one', secrets.replaced))).status, 200);
      const patched = { op: 'replace', path: 'password', value: secrets.patched };
      assert.ok((await scim('PATCH', one, patch(patched))).status < 300);
      const bulk = { method: 'POST', path: '/Users', bulkId: 'q', data: user('secret.two', secrets.bulk) };
      assert.equal((await scim('POST', '/Bulk', { schemas: [urns.bulkRequest], Operations: [bulk] })).status, 200);
      // What is refused: by the gateway, and by the directory.
      for (const [method, target, body] of [
        ['POST', '/Users', user('secret.one', secrets.refused)],
        ['POST', '/Users', { ...user('secret.three'), password: { value: secrets.misplaced } }],
        ['POST', '/Users', { ...user('secret.three'), passwort: secrets.misplaced }],
        ['POST', '/Users', `{"schemas":["${urns.user}"],"password":"${secrets.broken}",`],
        ['POST', '/Users', `{"password":"${secrets.broken}","password":"${secrets.broken}"}`],
        ['PATCH', one, patch({ op: 'replace', path: `password[value eq "${secrets.misplaced}"]`, value: 'x' })],
        ['PATCH', one, patch({ op: secrets.misplaced, path: 'password', value: secrets.misplaced })],
        ['GET', `/Users?filter=${encodeURIComponent(`password eq "${secrets.filtered}"`)}`],
        ['POST', '/Users/.search', { schemas: [urns.searchRequest], filter: `password sw "${secrets.filtered}"` }],
        ['GET', `/Users?attributes=password&access_token=${secrets.queryToken}`],
      ] as const) {
        const answer = await scim(method, target, body);
        assert.ok(answer.status < 500, `${method} ${target}: ${answer.status}`);
      }
      assert.equal((await scim('GET', '/Users', undefined, `Bearer ${secrets.wrongToken}`)).status, 401);
      const basic = Buffer.from(`x:${secrets.basic}`).toString('base64');
      assert.equal((await scim('GET', '/Users', undefined, `Basic ${basic}`)).status, 401);
      const inUrl = await scim('GET', `/Users?access_token=${secrets.queryToken}`, undefined, '');
      assert.ok([400, 401].includes(inUrl.status), String(inUrl.status));
      assert.equal((await scim('GET', one)).status, 200);
      assert.equal((await scim('GET', '/Users')).status, 200);
    });

    it('are in no answer', () => {
      assert.ok(answers.length > 30);
      assertNone(answers, 'an answer');
    });

    it('are in no metric, and in nothing else that the admin port tells', async () => {
      const told = await Promise.all(
        ['/metrics', '/readyz', '/livez'].map(async (target) => {
          return await (await fetch(`http://127.0.0.1:${adminPort}${target}`)).text();
        }),
      );
      assert.match(told.join(''), /^scim_ldap_requests_total\{/m);
      assertNone(told, 'the admin port');
    });

    it('are in nothing that was told, at any level', async () => {
      running.child.kill('SIGTERM');
      assert.equal(await running.ended, 0);
      const told = [...running.stdout, ...running.stderr];
      assert.ok(told.filter((line) => line.includes('"kind":"ldapOperation"')).length > 10, 'operations are told');
      assert.ok(
        told.some((line) => line.includes('"kind":"change"')),
        'changes are told',
      );
      assertNone(told, 'the log');
    });

    it('are in no message of a start that fails', async () => {
      for (const [url, password] of [
        [place.url, secrets.refused],
        ['ldap://127.0.0.1:1', place.password],
      ] as const) {
        const failing = serve(url, password);
        assert.equal(await failing.ended, 1);
        assert.ok(failing.stderr.length > 0);
        assertNone([...failing.stdout, ...failing.stderr], 'the message');
      }
    });

    it('are in no dump', async () => {
      const file = writeConfig(place.url);
      const env = { SCIM_TOKEN: secrets.token, LDAP_PASSWORD: place.password };
      const dump = spawnCli(['check', '--dump', '--config', file], env);
      assert.equal(await dump.ended, 0);
      assert.ok(dump.stdout.join('\n').includes(place.bindDn));
      assertNone([...dump.stdout, ...dump.stderr], 'the dump');
    });
  });
}
