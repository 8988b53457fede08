import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import type { TlsConfig } from '../../../src/ldap/client/directory-config.ts';
import { LdapConnectionError, LdapError } from '../../../src/ldap/errors.ts';
import { encodeResponse } from '../../../src/ldap/protocol/encode-response.ts';
import { extendedOid } from '../../../src/ldap/protocol/oids.ts';
import { type Certificate, done, result, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

interface Certificates {
  readonly ca: string;
  readonly otherCa: string;
  readonly good: Certificate;
  readonly otherHost: Certificate;
  readonly expired: Certificate;
}

function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const authority = (name: string): void =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  const sign = (name: string, names: string, days: string): Certificate => {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    const issue = 'x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial'.split(' ');
    openssl(...issue, '-in', `${name}.csr`, '-days', days, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  authority('ca');
  authority('other-ca');
  return {
    ca: read('ca.pem'),
    otherCa: read('other-ca.pem'),
    good: sign('good', 'DNS:localhost,IP:127.0.0.1', '2'),
    otherHost: sign('other-host', 'DNS:elsewhere.example', '2'),
    expired: sign('expired', 'DNS:localhost,IP:127.0.0.1', '-1'),
  };
}

describe('client: TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-ldap-tls-'));
  const search = {
    base: '',
    scope: 'base',
    filter: { kind: 'present', attribute: 'objectClass' },
    attributes: ['1.1'],
  } as const;
  let certificates: Certificates;
  let server: ScriptedServer | undefined;
  let client: Directory | undefined;

  before(() => {
    certificates = makeCertificates(folder);
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await Promise.all([server?.close(), client?.close()]);
  });

  async function serve(certificate: Certificate, start: 'first' | 'startTls'): Promise<ScriptedServer> {
    server = await startScriptedServer(
      ({ messageId, request }, peer) => {
        if (request.kind !== 'extended') return peer.send(messageId, done());
        peer.send(messageId, { kind: 'extended', result: result(0) });
        return 'startTls';
      },
      { tls: { certificate, start } },
    );
    return server;
  }

  const bind = { dn: 'cn=gateway', password: 'very-secret' };
  function ask(url: string, tls: TlsConfig): Promise<unknown> {
    client = createDirectory({ urls: [url], bind, tls, timeouts: { connect: 3_000 } });
    return client.search(search).collect();
  }

  it('says what is wrong where the server speaks LDAP without TLS', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(encodeResponse(0, { kind: 'extended', result: result(2) })));
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    await assert.rejects(
      ask(`ldaps://127.0.0.1:${port}`, {}),
      /127\.0\.0\.1:\d+: the server does not speak TLS on this port$/,
    );
    plain.close();
  });

  for (const start of ['first', 'startTls'] as const) {
    describe(start === 'first' ? 'ldaps' : 'StartTLS', () => {
      const startTls = start === 'startTls';

      it('talks to a server whose certificate is good', async () => {
        const { url, requests } = await serve(certificates.good, start);
        await ask(url, { ca: certificates.ca, startTls });
        const kinds = requests.map(({ request }) => request.kind);
        assert.deepEqual(kinds, startTls ? ['extended', 'bind', 'search'] : ['bind', 'search']);
      });

      it('expects the name that is configured', async () => {
        const { url } = await serve(certificates.otherHost, start);
        await ask(url, { ca: certificates.ca, servername: 'elsewhere.example', startTls });
      });

      it('D6 notices that the server went away', async () => {
        const { url, count } = await serve(certificates.good, start);
        await ask(url, { ca: certificates.ca, startTls });
        await server?.close();
        while (count.open > 0) await sleep(1);
        await sleep(5);
        await assert.rejects(client?.search(search).collect() ?? Promise.resolve(), LdapConnectionError);
      });

      const refused: readonly (readonly [string, keyof Certificates, keyof Certificates, RegExp])[] = [
        ['an authority that is not ours', 'good', 'otherCa', /(self-signed|issuer|signature|verify).* \(tls\.caFile/],
        ['another host', 'otherHost', 'ca', /altnames.*tls\.servername/],
        ['yesterday', 'expired', 'ca', /expired/],
      ];
      for (const [name, certificate, ca, message] of refused) {
        it(`refuses a certificate of ${name}, before the password is sent`, async () => {
          const { url, requests } = await serve(certificates[certificate] as Certificate, start);
          await assert.rejects(ask(url, { ca: certificates[ca] as string, startTls }), (error) => {
            assert.ok(error instanceof LdapConnectionError && !error.mayBeApplied);
            assert.match(error.message, message);
            return true;
          });
          assert.ok(requests.every(({ request }) => request.kind === 'extended'));
        });

        it(`takes it where verification is off (${name})`, async () => {
          const { url } = await serve(certificates[certificate] as Certificate, start);
          await ask(url, { verify: false, startTls });
        });
      }
    });
  }

  it('does not trust the authority of a test without being told', async () => {
    const { url } = await serve(certificates.good, 'first');
    await assert.rejects(ask(url, {}), LdapConnectionError);
  });

  it('a refused StartTLS is an error, and nothing goes over in plain text', async () => {
    server = await startScriptedServer(({ messageId }, peer) =>
      peer.send(messageId, { kind: 'extended', result: result(2, 'unsupported') }),
    );
    await assert.rejects(
      ask(server.url, { startTls: true }),
      (error) => error instanceof LdapError && error.code === 2,
    );
    assert.deepEqual(
      server.requests.map(({ request }) => request),
      [{ kind: 'extended', name: extendedOid.startTls }],
    );
  });

  it('what comes in plain text behind the answer to StartTLS ends the connection', async () => {
    server = await startScriptedServer(({ messageId }, peer) => {
      const answer = encodeResponse(messageId, { kind: 'extended', result: result(0) });
      peer.raw(Buffer.concat([answer, encodeResponse(2, { kind: 'bind', result: result(0) })]));
    });
    await assert.rejects(ask(server.url, { startTls: true }), /before TLS/);
  });

  it('a server that closes instead of starting TLS', async () => {
    server = await startScriptedServer((_received, peer) => peer.close());
    await assert.rejects(ask(server.url, { startTls: true }), LdapConnectionError);
  });

  it('D7 TLS options do not turn ldap:// into TLS', async () => {
    server = await startScriptedServer(({ messageId }, peer) => peer.send(messageId, done()));
    await ask(server.url, { ca: certificates.ca, servername: 'localhost' });
    assert.deepEqual(
      server.requests.map(({ request }) => request.kind),
      ['bind', 'search'],
    );
  });
});
