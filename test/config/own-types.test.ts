// examples/own-types as it stands, on the embedded directory and on OpenLDAP: schemas and resource types by YAML alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Client } from 'ldapts';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import { parseLdif } from '../../src/ldap/ldif.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { launchOpenLdap } from '../directories/openldap/launch.ts';
import { type ServedGateway, serveGateway } from '../gateway/harness.ts';

const suffix = 'dc=acme,dc=test';
const ldif = readFileSync(new URL('../../examples/own-types/acme.ldif', import.meta.url), 'utf8');
const employment = 'urn:acme:params:scim:schemas:employment:1.0:User';
const device = 'urn:acme:params:scim:schemas:device:1.0:Device';

interface Directory {
  readonly url: string;
  readonly bindDn: string;
  readonly password: string;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<Directory> {
  const directory = createEmbeddedDirectory({ suffix, schemaLdif: [ldif] });
  const { url } = await directory.listen();
  const { dn, password } = directory.administrator;
  return { url, bindDn: dn, password, stop: () => directory.close() };
}

async function startOpenLdap(): Promise<Directory> {
  const server = await launchOpenLdap({ suffix });
  const client = new Client({ url: server.url });
  await client.bind('cn=config', server.configPassword);
  for (const record of parseLdif(ldif)) {
    assert.equal(record.kind, 'entry');
    if (record.kind !== 'entry') continue;
    const attributes = record.attributes.map(({ type, values }) => [type, values.map(String)] as const);
    await client.add(record.dn, Object.fromEntries(attributes));
  }
  await client.unbind();
  return server;
}

for (const [name, start] of [
  ['the embedded directory', startEmbedded],
  ['OpenLDAP', startOpenLdap],
] as const) {
  describe(`examples/own-types on ${name}`, () => {
    let directory: Directory;
    let served: ServedGateway;

    before(async () => {
      directory = await start();
      served = await serveGateway({ ...directory, mapping: '../examples/own-types/acme.yaml', variables: {} });
      const attributes = [
        { type: 'objectClass', values: ['organizationalUnit'] },
        { type: 'ou', values: ['devices'] },
      ];
      await served.directory.add({ dn: `ou=devices,${suffix}`, attributes });
    });
    after(async () => {
      await served.stop();
      await directory.stop();
    });

    const send = async (method: string, path: string, body?: unknown, status?: number): Promise<JsonObject> => {
      const answer = await served.scim(method, path, body);
      if (status === undefined) assert.ok(answer.status < 300, JSON.stringify(answer.body));
      else assert.equal(answer.status, status, JSON.stringify(answer.body));
      return answer.body;
    };
    const user = (userName: string, parts: JsonObject) =>
      send('POST', '/Users', { schemas: [urns.user, employment], userName, [employment]: parts });
    const find = async (endpoint: string, filter: string, key: string): Promise<unknown[]> => {
      const list = await send('GET', `${endpoint}?filter=${encodeURIComponent(filter)}`);
      return ((list['Resources'] ?? []) as unknown as JsonObject[]).map((each) => each[key]).sort();
    };

    it('discovery shows the extension with its types, and the endpoint', async () => {
      const types = (await send('GET', '/ResourceTypes'))['Resources'] as unknown as readonly JsonObject[];
      const own = types.find((type) => type['id'] === 'Device' || type['name'] === 'Device');
      assert.deepEqual([own?.['endpoint'], own?.['schema']], ['/Devices', device]);
      const { attributes } = (await send('GET', `/Schemas/${employment}`)) as unknown as {
        readonly attributes: readonly { readonly name: string; readonly type: string }[];
      };
      assert.deepEqual(
        attributes.map((each) => [each.name, each.type]),
        [
          ['badgeNumber', 'integer'],
          ['contractEnds', 'dateTime'],
          ['remote', 'boolean'],
          ['devices', 'complex'],
        ],
      );
      assert.equal((await send('GET', `/Schemas/${device}`))['name'], 'Device');
    });

    it('the extension is stored by type, patched, and found by filters', async () => {
      const parts = { badgeNumber: 4711, contractEnds: '2027-06-30T22:00:00Z', remote: true };
      const created = await user('typed', parts);
      assert.deepEqual(created[employment], parts);
      await user('other', { badgeNumber: 99, contractEnds: '2031-01-01T00:00:00Z', remote: false });
      await send('POST', '/Users', { schemas: [urns.user], userName: 'plain' });
      for (const [filter, names] of [
        ['badgeNumber gt 100', ['typed']],
        ['badgeNumber le 4711', ['other', 'typed']],
        ['contractEnds lt "2030-01-01T00:00:00+01:00"', ['typed']],
        ['remote eq true', ['typed']],
        ['remote eq false', ['other']],
      ] as const)
        assert.deepEqual(await find('/Users', filter.replace(/^/, `${employment}:`), 'userName'), names, filter);
      const Operations = [
        { op: 'replace', path: `${employment}:badgeNumber`, value: 4712 },
        { op: 'remove', path: `${employment}:contractEnds` },
      ];
      const patched = await send('PATCH', `/Users/${String(created['id'])}`, { schemas: [urns.patchOp], Operations });
      assert.deepEqual(patched[employment], { badgeNumber: 4712, remote: true });
      await send(
        'POST',
        '/Users',
        { schemas: [urns.user, employment], userName: 'x', [employment]: { badgeNumber: 'a' } },
        400,
      );
      const taken = { schemas: [urns.user, employment], userName: 'twin', [employment]: { badgeNumber: 99 } };
      await send('POST', '/Users', taken, 409);
    });

    it('devices are created, read, patched, found, listed and deleted', async () => {
      const owner = await user('owner', { badgeNumber: 1 });
      const message = {
        schemas: [device],
        displayName: 'printer-1',
        serialNumber: 'SN-1',
        notes: ['loud', 'slow'],
        owner: { value: owner['id'] },
      };
      const created = await send('POST', '/Devices', message);
      const path = `/Devices/${String(created['id'])}`;
      const shown = await send('GET', path);
      assert.deepEqual(
        [shown['displayName'], shown['serialNumber'], shown['notes']],
        ['printer-1', 'SN-1', ['loud', 'slow']],
      );
      assert.equal((shown['owner'] as JsonObject)['$ref'], `${served.url}/Users/${String(owner['id'])}`);
      assert.equal((shown['meta'] as JsonObject)['resourceType'], 'Device');
      assert.deepEqual(await find('/Devices', `owner.value eq "${String(owner['id'])}"`, 'displayName'), ['printer-1']);
      assert.deepEqual(await find('/Devices', 'serialNumber eq "SN-1" and notes eq "loud"', 'displayName'), [
        'printer-1',
      ]);
      const holder = (await send('GET', `/Users/${String(owner['id'])}`))[employment] as JsonObject;
      assert.deepEqual(
        (holder['devices'] as unknown as readonly JsonObject[]).map(({ value, display }) => [value, display]),
        [[created['id'], 'printer-1']],
      );
      const Operations = [
        { op: 'replace', path: 'location', value: 'Oslo' },
        { op: 'replace', path: 'displayName', value: 'printer-2' },
      ];
      const patched = await send('PATCH', path, { schemas: [urns.patchOp], Operations });
      assert.deepEqual(
        [patched['id'], patched['displayName'], patched['location']],
        [created['id'], 'printer-2', 'Oslo'],
      );
      await send('POST', '/Devices', { schemas: [device], displayName: 'PRINTER-2' }, 409);
      await send('POST', '/Devices', { schemas: [device] }, 400);
      await send('DELETE', `/Users/${String(owner['id'])}`);
      for (let tries = 0; tries < 20 && (await send('GET', path))['owner'] !== undefined; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal((await send('GET', path))['owner'], undefined);
      assert.equal((await send('GET', '/Devices'))['totalResults'], 1);
      await send('DELETE', path);
      await send('GET', path, undefined, 404);
    });
  });
}
