import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Client, ResultCodeError } from 'ldapts';
import { launchOpenLdap } from './launch.ts';
import { createSuiteBase, getOpenLdap } from './shared.ts';

const person = (uid: string): Record<string, string | string[]> => ({
  objectClass: ['inetOrgPerson'],
  uid,
  cn: uid,
  sn: uid,
});

function* bulk(count: number): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    yield `\ndn: uid=user${index},ou=people,o=bulk\nobjectClass: inetOrgPerson\nuid: user${index}\ncn: user${index}\nsn: ${index}\n`;
  }
}

describe('OpenLDAP recipe', function () {
  this.timeout(120_000);

  it('gives the service account write access and pages without limit', async () => {
    const server = await getOpenLdap();
    const { peopleDn } = await createSuiteBase('recipe');
    const client = new Client({ url: server.url });
    await client.bind(server.bindDn, server.password);
    await client.add(`uid=amy,${peopleDn}`, person('amy'));
    const { searchEntries } = await client.search(peopleDn, { filter: '(uid=amy)', attributes: ['entryUUID'] });
    assert.match(String(searchEntries[0]?.['entryUUID']), /^[0-9a-f-]{36}$/);
    await client.unbind();
  });

  it('keeps values unique in a suite that asks for it, and only there', async () => {
    const server = await getOpenLdap();
    const one = await createSuiteBase('recipe-unique', ['employeeNumber']);
    const two = await createSuiteBase('recipe-not-unique');
    const client = new Client({ url: server.url });
    await client.bind(server.bindDn, server.password);
    const add = (base: string, uid: string) =>
      client.add(`uid=${uid},${base}`, { ...person(uid), employeeNumber: '7' });
    await add(one.peopleDn, 'a');
    await add(two.peopleDn, 'a');
    await add(two.peopleDn, 'b');
    await assert.rejects(
      add(one.peopleDn, 'b'),
      (error: unknown) => error instanceof ResultCodeError && error.code === 19,
    );
    await client.unbind();
  });

  it('serves ldaps with a certificate for the address and for localhost', async () => {
    const server = await getOpenLdap();
    const ca = readFileSync(server.caFile);
    for (const url of [server.ldapsUrl, server.ldapsUrl.replace('127.0.0.1', 'localhost')]) {
      const client = new Client({ url, tlsOptions: { ca } });
      await client.bind(server.bindDn, server.password);
      await client.unbind();
    }
    const stranger = new Client({ url: server.ldapsUrl });
    await assert.rejects(stranger.bind(server.bindDn, server.password), /self-signed|unable to/);
  });

  it('binds a client certificate as the service account (SASL EXTERNAL)', async () => {
    const server = await getOpenLdap();
    const client = new Client({
      url: server.ldapsUrl,
      tlsOptions: {
        ca: readFileSync(server.caFile),
        cert: readFileSync(server.clientCertFile),
        key: readFileSync(server.clientKeyFile),
      },
    });
    await client.bind('EXTERNAL');
    const { value } = await client.exop('1.3.6.1.4.1.4203.1.11.3');
    assert.equal(String(value), `dn:${server.bindDn}`);
    await client.unbind();
  });

  it('loads LDIF of another suffix, restarts on the same data, and leaves nothing behind', async () => {
    const server = await launchOpenLdap({ suffix: 'o=bulk', ldif: bulk(500), memberOf: false });
    const count = async (): Promise<number> => {
      const client = new Client({ url: server.url });
      await client.bind(server.bindDn, server.password);
      const { searchEntries } = await client.search(server.peopleDn, {
        filter: '(uid=user*)',
        attributes: ['1.1'],
        paged: { pageSize: 200 },
      });
      await client.unbind();
      return searchEntries.length;
    };
    try {
      assert.equal(await count(), 500);
      await server.restart(async () => {
        await assert.rejects(count());
      });
      assert.equal(await count(), 500);
    } finally {
      await server.stop();
    }
    assert.equal(existsSync(server.caFile), false);
  });
});
