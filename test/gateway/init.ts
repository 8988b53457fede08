// A directory that no shipped mapping fits: `init` drafts one, `check` finds nothing wrong with it, and a client gets
// through a whole life cycle, without an edit but those that `init` asks for.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { createDirectory } from '../../src/ldap/client/directory.ts';
import { parseLdif } from '../../src/ldap/ldif.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { captureCli } from '../cli/capture-cli.ts';
import type { DirectoryAccess } from './harness.ts';

export interface InitPlace extends DirectoryAccess {
  /** Where the data goes, and where `init` looks. */
  readonly baseDn: string;
}

export interface InitCase {
  /** Below `base`. */
  ldif(base: string): string;
  readonly flags?: readonly string[];
  /** What the mapping has to say, and what it must not. */
  readonly says: readonly RegExp[];
  /** Attributes of SCIM by which a new user is known. */
  readonly user: JsonObject;
  readonly canDisable: boolean;
}

export function describeInit(name: string, start: () => Promise<InitPlace>, given: InitCase): void {
  describe(`init on ${name}`, () => {
    let directory: DirectoryPort;
    let server: RunningServer | undefined;
    let folder: string;
    let token: string;
    let report: string;
    const file = (each: string): string => path.join(folder, each);

    before(async function () {
      this.timeout(60_000);
      const place = await start();
      const { url, bindDn, password, tls } = place;
      directory = createDirectory({
        urls: [url],
        bind: { dn: bindDn, password },
        ...(tls === undefined ? {} : { tls }),
      });
      await load(directory, given.ldif(place.baseDn));
      folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-init-'));
      writeFileSync(file('password'), password);
      if (tls?.ca !== undefined) writeFileSync(file('ca.pem'), tls.ca);
      const outcome = await captureCli(
        'init',
        url,
        '--yes',
        `--bind-dn=${bindDn}`,
        `--password-file=${file('password')}`,
        `--base=${place.baseDn}`,
        `--out=${folder}`,
        ...(tls?.ca === undefined ? [] : ['--ca-file', file('ca.pem')]),
        ...(given.flags ?? []),
      );
      assert.equal(outcome.code, 0, outcome.stderr);
      token = outcome.stdout;
      report = outcome.stderr;
    });
    after(async () => {
      await server?.stop('end of test', 1);
      await directory.close();
      rmSync(folder, { recursive: true });
    });

    it('says what is different here, and nothing that is not', () => {
      const mapping = readFileSync(file('mapping.yaml'), 'utf8');
      for (const pattern of given.says) assert.match(mapping, pattern);
      assert.match(report, /^What was seen:$/m);
      assert.match(report, /^ {2}- product: /m);
    });

    it('asks for edits that suffice, so that check finds no error', async () => {
      // The one thing that it asks for: entries that numbers are drawn from.
      if (existsSync(file('counters.ldif'))) await load(directory, readFileSync(file('counters.ldif'), 'utf8'));
      const { code, stdout } = await captureCli('check', '--live', '--config', file('gateway.yaml'));
      assert.equal(code, 0, stdout);
    });

    it('does not write over what is there', async () => {
      const outcome = await captureCli('init', 'ldap://127.0.0.1:1', '--yes', '--out', folder);
      assert.deepEqual([outcome.code, outcome.stdout], [1, '']);
      assert.match(outcome.stderr, /gateway\.yaml and .*mapping\.yaml.* there already\. Say --force/);
    });

    it('a life cycle', async () => {
      const { config, problems } = loadGatewayFile(file('gateway.yaml'));
      assert.ok(config, JSON.stringify(problems));
      server = await startServer({ ...config, listen: { host: '127.0.0.1', port: 0 } }, () => {});
      const { url } = server;
      const scim = async (method: string, target: string, body?: JsonObject) => {
        const response = await fetch(`${url}${target}`, {
          method,
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
      };
      const patch = (...operations: readonly JsonObject[]): JsonObject => ({
        schemas: [urns.patchOp],
        Operations: operations,
      });
      const isStatus = (answer: { status: number; body: JsonObject }, status: number): void =>
        assert.equal(answer.status, status, JSON.stringify(answer.body));

      const seen = await scim('GET', '/Users?count=50');
      assert.ok(Number(seen.body['totalResults']) >= 3, JSON.stringify(seen.body));
      const groups = (await scim('GET', '/Groups')).body['Resources'] as unknown as { members?: unknown[] }[];
      assert.ok(
        groups.some(({ members = [] }) => members.length > 0),
        JSON.stringify(groups),
      );

      const made = await scim('POST', '/Users', { schemas: [urns.user], ...given.user });
      isStatus(made, 201);
      const user = `/Users/${String(made.body['id'])}`;
      const userName = String(given.user['userName']);
      const found = await scim('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
      assert.equal(found.body['totalResults'], 1);
      isStatus(await scim('PATCH', user, patch({ op: 'replace', path: 'title', value: 'Guide' })), 200);
      if (given.canDisable) {
        isStatus(await scim('PATCH', user, patch({ op: 'replace', path: 'active', value: false })), 200);
        assert.equal((await scim('GET', user)).body['active'], false);
      }
      const team = await scim('POST', '/Groups', {
        schemas: [urns.group],
        displayName: 'newcomers',
        members: [{ value: String(made.body['id']) }],
      });
      isStatus(team, 201);
      const read = await scim('GET', user);
      assert.deepEqual(
        (read.body['groups'] as unknown as { display: string }[]).map(({ display }) => display),
        ['newcomers'],
      );
      const group = `/Groups/${String(team.body['id'])}`;
      isStatus(
        await scim('PATCH', group, patch({ op: 'remove', path: `members[value eq "${String(made.body['id'])}"]` })),
        204,
      );
      isStatus(await scim('DELETE', group), 204);
      isStatus(await scim('DELETE', user), 204);
      isStatus(await scim('GET', user), 404);
    });
  });
}

async function load(directory: DirectoryPort, ldif: string): Promise<void> {
  for (const record of parseLdif(ldif)) {
    assert.equal(record.kind, 'entry');
    if (record.kind === 'entry') await directory.add({ dn: record.dn, attributes: record.attributes });
  }
}
