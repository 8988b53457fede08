import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import https from 'node:https';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { createMethods } from '../../src/auth/create-methods.ts';
import type { Credential } from '../../src/auth/credential.ts';
import { createApp } from '../../src/http/app.ts';
import { type Listener, listen } from '../../src/http/listen.ts';
import type { Observation } from '../../src/observe/observation.ts';
import { interop } from '../../src/scim/profile.ts';
import { type Certificate, makeCertificate } from '../auth/make-certificate.ts';
import { noDirectory } from '../auth/no-directory.ts';
import { fakeGateway } from './fake-gateway.ts';

interface Answer {
  readonly status: number;
  readonly challenge: string;
  readonly body: string;
  /** The name of the credential. */
  readonly client: string;
}

describe('client certificates', () => {
  const ca = makeCertificate({ cn: 'ca', authority: true });
  const otherCa = makeCertificate({ cn: 'ca', authority: true });
  const signed = (wish: Parameters<typeof makeCertificate>[0]) => makeCertificate({ issuer: ca, ...wish });
  const fingerprint = ({ cert }: Certificate) =>
    createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
  const certificates = {
    subject: signed({ subject: '/DC=com/O=Ex, Inc+OU=x/CN=Subject' }),
    dns: signed({ cn: 'any', names: 'DNS:other.example,DNS:Client.example' }),
    uri: signed({ cn: 'any', names: 'URI:spiffe://example/client' }),
    pinned: makeCertificate({ cn: 'pinned' }),
    /** The same names, and nobody vouches for them. */
    selfSigned: makeCertificate({ subject: '/DC=com/O=Ex, Inc+OU=x/CN=Subject', names: 'DNS:client.example' }),
    foreign: makeCertificate({ issuer: otherCa, subject: '/DC=com/O=Ex, Inc+OU=x/CN=Subject' }),
    expired: signed({ subject: '/DC=com/O=Ex, Inc+OU=x/CN=Subject', days: -1 }),
    expiredPinned: makeCertificate({ cn: 'old', days: -1 }),
    shorter: signed({ subject: '/O=Ex, Inc+OU=x/CN=Subject' }),
    reversed: signed({ subject: '/CN=Subject/O=Ex, Inc+OU=x/DC=com' }),
    inValue: signed({ subject: '/CN=Subject,OU=x+O=Ex\\, Inc,DC=com' }),
    newLine: signed({ subject: '/DC=com/CN=x\nCN=Subject' }),
    uriAsDns: signed({ cn: 'any', names: 'URI:http://x/a' }),
    dnsInUri: signed({ cn: 'any', names: 'URI:http://x/, DNS:client.example'.replace(', ', '%2C ') }),
    uriInCase: signed({ cn: 'any', names: 'URI:spiffe://example/CLIENT' }),
    commonName: signed({ cn: 'client.example' }),
  } satisfies Record<string, Certificate>;

  const of = (name: string, parts: object): Credential => ({
    name,
    profile: interop,
    method: { kind: 'certificate', subjects: [], names: [], fingerprints: [], ...parts },
  });
  const credentials = [
    of('by-subject', { subjects: ['cn=subject, OU=x+O=Ex\\, Inc, dc=com'] }),
    of('by-name', { names: ['DNS:client.example', 'URI:spiffe://example/client'] }),
    of('by-fingerprint', { fingerprints: [fingerprint(certificates.pinned), fingerprint(certificates.expiredPinned)] }),
  ];
  const server = makeCertificate({ cn: 'localhost', names: 'IP:127.0.0.1' });
  const observations: Observation[] = [];

  async function start(options: {
    readonly tls: boolean;
    readonly trustedProxies: readonly string[];
  }): Promise<Listener> {
    const app = createApp({
      gateway: fakeGateway(),
      authenticator: createAuthenticator(
        createMethods(credentials, { findResource: () => Promise.resolve(undefined), directory: noDirectory }),
      ),
      observe: (observation) => observations.push(observation),
      basePath: '/scim/v2',
      trustedProxies: options.trustedProxies,
      ...(options.trustedProxies.length === 0 ? {} : { clientCertificateHeader: { name: 'client-cert', ca: ca.cert } }),
      etag: true,
      publicDiscovery: 'none',
      bodyBytes: 1000,
      requestSeconds: 10,
    });
    const tls = { ...server, clientCa: ca.cert };
    return await listen(app.callback(), { host: '127.0.0.1', port: 0, ...(options.tls ? { tls } : {}) });
  }

  function clientOf(): string {
    const last = observations.findLast((each) => each.kind === 'request');
    return last?.kind === 'request' ? last.client : '';
  }

  function ask(port: number, client?: Certificate, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path: '/scim/v2/Users', ca: server.cert, headers, agent: false };
      const request = https.request({ ...options, ...client }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => {
          const challenge = String(response.headers['www-authenticate'] ?? '');
          setImmediate(() => resolve({ status: response.statusCode ?? 0, challenge, body, client: clientOf() }));
        });
      });
      request.on('error', reject);
      request.end();
    });
  }

  const good = [
    ['subject', 'by-subject'],
    ['dns', 'by-name'],
    ['uri', 'by-name'],
    ['pinned', 'by-fingerprint'],
  ] as const;
  const bad = [
    'selfSigned',
    'foreign',
    'expired',
    'expiredPinned',
    'shorter',
    'reversed',
    'inValue',
    'newLine',
    'uriAsDns',
    'dnsInUri',
    'uriInCase',
    'commonName',
  ] as const;

  describe('of the TLS connection', () => {
    let listener: Listener;
    before(async () => {
      listener = await start({ tls: true, trustedProxies: [] });
    });
    after(() => listener.stop(1));

    for (const [which, name] of good) {
      it(`${which} is ${name}`, async () => {
        const { status, client } = await ask(listener.port, certificates[which]);
        assert.deepEqual([status, client], [200, name]);
      });
    }

    for (const which of bad) {
      it(`${which} is nobody`, async () => {
        const { status, challenge, client } = await ask(listener.port, certificates[which]);
        assert.deepEqual([status, challenge, client], [401, 'ClientCertificate realm="scim"', '']);
      });
    }

    it('without one the answer is the same', async () => {
      const [without, wrong] = [await ask(listener.port), await ask(listener.port, certificates.foreign)];
      assert.deepEqual(without, wrong);
      assert.equal(without.status, 401);
    });

    it('a header with a certificate is nothing', async () => {
      const value = encodeURIComponent(certificates.subject.cert);
      assert.equal((await ask(listener.port, undefined, { 'Client-Cert': value })).status, 401);
    });

    it('wrong credentials in the header are not made good by a certificate', async () => {
      assert.equal((await ask(listener.port, certificates.subject, { Authorization: 'Bearer x' })).status, 401);
    });

    it('the operator learns why', async () => {
      await ask(listener.port, certificates.foreign);
      const told = observations.findLast((each) => each.kind === 'requestRefused');
      assert.ok(told?.kind === 'requestRefused' && told.error instanceof Error);
      assert.match(
        told.error.message,
        /^the client certificate CN=Subject,.* is of no authority that is trusted here$/,
      );
    });
  });

  describe('out of a header', () => {
    let trusting: Listener;
    let other: Listener;
    before(async () => {
      trusting = await start({ tls: false, trustedProxies: ['127.0.0.1'] });
      other = await start({ tls: false, trustedProxies: ['192.0.2.1'] });
    });
    after(() => Promise.all([trusting.stop(1), other.stop(1)]));

    const send = async ({ port }: Listener, headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${port}/scim/v2/Users`, { headers });
      await response.text();
      await new Promise((resolve) => setImmediate(resolve));
      return [response.status, clientOf()] as const;
    };
    const der = ({ cert }: Certificate) => new X509Certificate(cert).raw.toString('base64');

    for (const [form, print] of [
      ['RFC 9440', (each) => `:${der(each)}:`],
      ['PEM with escapes', (each) => encodeURIComponent(each.cert)],
      ['bare base64', der],
    ] as readonly (readonly [string, (each: Certificate) => string])[]) {
      for (const [which, name] of good) {
        it(`${which} as ${form} is ${name}`, async () => {
          assert.deepEqual(await send(trusting, { 'Client-Cert': print(certificates[which]) }), [200, name]);
        });
      }
      for (const which of bad) {
        it(`${which} as ${form} is nobody, whatever the proxy let pass`, async () => {
          assert.deepEqual(await send(trusting, { 'Client-Cert': print(certificates[which]) }), [401, '']);
        });
      }
    }

    it('from a stranger it is nothing', async () => {
      assert.deepEqual(await send(other, { 'Client-Cert': `:${der(certificates.subject)}:` }), [401, '']);
      const headers = { 'Client-Cert': `:${der(certificates.subject)}:`, 'X-Forwarded-For': '192.0.2.1' };
      assert.deepEqual(await send(other, headers), [401, '']);
    });

    it('two of them are none', async () => {
      const value = `:${der(certificates.subject)}:`;
      const response = await fetch(`http://127.0.0.1:${trusting.port}/scim/v2/Users`, {
        headers: [
          ['Client-Cert', value],
          ['Client-Cert', value],
        ],
      });
      assert.equal(response.status, 401);
    });

    for (const value of [
      '',
      ':',
      '::',
      '%',
      '%00',
      'nonsense',
      `:${'A'.repeat(20_000)}:`,
      '-----BEGIN CERTIFICATE-----',
    ]) {
      it(`${JSON.stringify(value.slice(0, 30))} is no certificate`, async () => {
        assert.deepEqual(await send(trusting, { 'Client-Cert': value }), [401, '']);
      });
    }
  });
});
