import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CredentialMethod } from '../../src/auth/credential.ts';
import { dumpConfig } from '../../src/config/dump-config.ts';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { printProblem } from '../../src/util/problem.ts';

const head =
  'directory: { urls: [ldaps://h] }\nmapping: { file: scim-ldap/openldap/inet-org-person.yaml }\ncredentials:\n';
const jwks = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b' }] });

describe('credentials of a gateway file', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-credentials-'));
    for (const [name, text] of [
      ['jwks.json', jwks],
      ['no.json', '{"keys":7}'],
      ['secret.txt', 'client-secret\n'],
      ['cert.pem', '-----BEGIN CERT'],
      ['key.pem', '-----BEGIN SECRET-KEY'],
    ] as const)
      writeFileSync(path.join(folder, name), text);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function load(method: string, listen = '') {
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(file, `${head}  - { name: a, ${method} }\n${listen}`);
    const { config, problems } = loadGatewayFile(file, { SECRET: 'client-secret' });
    const told = problems.map((problem) => printProblem({ ...problem, file: 'g' }).replace(/^g:\d+:\d+ /, ''));
    return { config, told };
  }

  function methodOf(method: string): { readonly method: CredentialMethod; readonly dump: string } {
    const { config, told } = load(method);
    assert.deepEqual(told, []);
    assert.ok(config !== undefined);
    return { method: config.tenants[0]!.credentials[0]!.method, dump: dumpConfig(config) };
  }

  it('jwt: defaults', () => {
    const { method } = methodOf('jwt: { issuer: "https://i", audiences: [x], jwksUrl: "https://i/jwks" }');
    assert.deepEqual(method, {
      kind: 'jwt',
      issuer: 'https://i',
      audiences: ['x'],
      keys: { url: 'https://i/jwks', keepSeconds: 3600 },
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      clockSkewSeconds: 30,
      rules: { scopes: [], roles: [], rolesClaim: 'roles', callerClaim: 'sub' },
      proof: 'none',
    });
  });

  it('jwt: keys of a file, a resource, a proof', () => {
    const { method, dump } = methodOf(
      'jwt: { issuer: i, audiences: [x], jwksFile: jwks.json, resource: { type: User, attribute: userName }, proof: dpop }',
    );
    assert.ok(method.kind === 'jwt');
    assert.deepEqual(method.keys, { jwks: JSON.parse(jwks) });
    assert.deepEqual(method.rules.resource, { type: 'User', attribute: 'userName', claim: 'sub' });
    assert.match(dump, /keys: of a file/);
  });

  for (const secret of ['clientSecretFile: secret.txt', 'clientSecretEnv: SECRET']) {
    it(`introspection: ${secret}`, () => {
      const { method, dump } = methodOf(`introspection: { url: "https://i/x", clientId: g, ${secret} }`);
      assert.ok(method.kind === 'introspection');
      assert.equal(method.clientSecret.reveal(), 'client-secret');
      assert.deepEqual([method.cacheSeconds, method.clientAuthentication, method.audiences], [60, 'basic', []]);
      assert.doesNotMatch(dump, /client-secret/);
      assert.match(dump, /clientSecret: "\*\*\*"/);
    });
  }

  it('certificate: subjects, names and fingerprints, and a listener that asks for it', () => {
    const print = Array.from({ length: 32 }, () => 'AB').join(':');
    const { config, told } = load(
      `certificate: { subjects: ["CN=a,O=b"], names: ["DNS:x"], fingerprints: ["${print}"] }`,
      'listen: { tls: { certFile: cert.pem, keyFile: key.pem, clientCaFile: cert.pem } }\n',
    );
    assert.deepEqual(told, []);
    assert.deepEqual(config?.tenants[0]?.credentials[0]?.method, {
      kind: 'certificate',
      subjects: ['CN=a,O=b'],
      names: ['DNS:x'],
      fingerprints: ['ab'.repeat(32)],
    });
    assert.equal(config.listen.tls?.key.reveal(), '-----BEGIN SECRET-KEY');
    assert.doesNotMatch(dumpConfig(config), /SECRET-KEY/);
  });

  it('hoba: a public key, and nothing else', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const write = (name: string, text: string | Buffer) => writeFileSync(path.join(folder, name), text);
    write('pub.pem', publicKey.export({ type: 'spki', format: 'pem' }));
    write('private.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { method, dump } = methodOf('hoba: { keyId: k, publicKeyFile: pub.pem }');
    assert.ok(method.kind === 'hoba' && method.publicKey.equals(publicKey));
    assert.match(dump, /publicKey: set/);
    assert.deepEqual(load('hoba: { keyId: k, publicKeyFile: private.pem }').told, [
      'error CFG006 credentials.0.hoba.publicKeyFile: holds a private key, which belongs to the client alone',
    ]);
    assert.deepEqual(load('hoba: { keyId: k, publicKeyFile: cert.pem }').told, [
      'error CFG006 credentials.0.hoba.publicKeyFile: holds no RSA public key of 2048 bits at least in PEM form',
    ]);
  });

  const hash = `$scrypt$ln=15,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  it('basic: a password of the file', () => {
    const { method, dump } = methodOf(`basic: { user: u, passwordHash: "${hash}" }`);
    assert.ok(method.kind === 'basic' && method.source === 'file');
    assert.equal(method.user, 'u');
    assert.doesNotMatch(dump, /AAAA/);
  });

  it('basic: passwords of the directory, by a template or a search', () => {
    const byDn = methodOf('basic: { bind: { dn: "uid={user},dc=x" } }').method;
    assert.deepEqual(byDn, { kind: 'basic', source: 'directory', entry: { kind: 'template', dn: 'uid={user},dc=x' } });
    const bySearch = methodOf('basic: { bind: { base: dc=x, filter: "(uid={user})", scope: one } }').method;
    const filter = { kind: 'equality', attribute: 'uid', value: '{user}' };
    assert.deepEqual(bySearch, {
      kind: 'basic',
      source: 'directory',
      entry: { kind: 'search', base: 'dc=x', scope: 'one', filter },
    });
  });

  for (const [basic, expected] of [
    ['{}', 'error CFG004 credentials.0.basic: "user" is missing (or bind, for the passwords of the directory)'],
    [
      '{ user: u, passwordHash: "$scrypt$ln=1,r=8,p=1$A$A" }',
      'error CFG006 credentials.0.basic.passwordHash: is no hash as scim-ldap password makes it',
    ],
    [
      '{ bind: { dn: "uid=admin,dc=x" } }',
      'error CFG006 credentials.0.basic.bind: has no value with {user} in it (uid={user},ou=people,dc=example,dc=com)',
    ],
    [
      '{ bind: { base: dc=x, filter: "(uid=*)" } }',
      'error CFG006 credentials.0.basic.bind: has no value with {user} in it (uid={user},ou=people,dc=example,dc=com)',
    ],
    ['{ bind: { base: dc=x } }', 'error CFG009 credentials.0.basic.bind: either dn is needed, or base and filter'],
    [
      '{ bind: { dn: "uid={user}", filter: "(a=b)" } }',
      'error CFG009 credentials.0.basic.bind: either dn is needed, or base and filter',
    ],
  ] as const) {
    it(`problem of basic: ${basic}`, () => {
      assert.deepEqual(load(`basic: ${basic}`).told, [expected]);
    });
  }

  for (const bind of ['{ dn: "uid={user" }', '{ dn: "{user}" }', '{ base: dc=x, filter: "(uid={user}" }']) {
    it(`basic: ${bind} is not what it should be`, () => {
      assert.match(load(`basic: { bind: ${bind} }`).told.join(), /^error CFG006 credentials\.0\.basic\.bind/);
    });
  }

  const none =
    'error CFG009 listen: a needs client certificates, and none can come (set listen.tls.clientCaFile or listen.clientCertificateHeader)';
  for (const [listen, expected] of [
    ['', [none]],
    [
      'listen: { clientCertificateHeader: { name: Client-Cert, caFile: cert.pem } }\n',
      ['error CFG009 listen.clientCertificateHeader: nobody may send it (name the proxies in trustedProxies)'],
    ],
    ['trustedProxies: [10.0.0.1]\nlisten: { clientCertificateHeader: { name: Client-Cert, caFile: cert.pem } }\n', []],
    [
      'listen: { tls: { certFile: cert.pem, keyFile: secret.txt, clientCaFile: cert.pem } }\n',
      ['error CFG006 listen.tls.keyFile: secret.txt holds nothing in PEM form', none],
    ],
  ] as const) {
    it(`certificate with ${listen || 'a plain listener'}`, () => {
      assert.deepEqual([...load('certificate: { names: ["DNS:x"] }', listen).told].sort(), [...expected].sort());
    });
  }

  for (const [method, expected] of [
    [
      'certificate: { subjects: [] }',
      'error CFG004 credentials.0.certificate: one of subjects, names and fingerprints is needed',
    ],
    [
      'jwt: { issuer: i, audiences: [x] }',
      'error CFG009 credentials.0.jwt: exactly one of jwksUrl and jwksFile is needed',
    ],
    [
      'jwt: { issuer: i, audiences: [x], jwksUrl: "http://i/jwks" }',
      'error CFG014 credentials.0.jwt.jwksUrl: anyone on the way can pose as the issuer (use https://)',
    ],
    [
      'jwt: { issuer: i, audiences: [x], jwksFile: no.json }',
      'error CFG006 credentials.0.jwt.jwksFile: the file holds no JSON Web Key Set (RFC 7517 s5)',
    ],
    [
      'jwt: { issuer: i, audiences: [], jwksFile: jwks.json }',
      'error CFG006 credentials.0.jwt.audiences: must not be empty (for example ["https://scim.example.com"])',
    ],
    [
      'introspection: { url: "https://u:p@i/x", clientId: g, clientSecretEnv: SECRET }',
      'error CFG006 credentials.0.introspection.url: is no usable URL',
    ],
    [
      'introspection: { url: "https://i/x", clientId: g }',
      'error CFG007 credentials.0.introspection: exactly one of clientSecret, clientSecretFile, clientSecretEnv is needed, found none',
    ],
    [
      'introspection: { url: "https://i/x", clientId: g, clientSecret: s }',
      'warning CFG008 credentials.0.introspection.clientSecret: a secret stands in the file (use clientSecretFile or clientSecretEnv)',
    ],
  ] as const) {
    it(`problem of ${method}`, () => {
      assert.deepEqual(load(method).told, [expected]);
    });
  }

  for (const algorithm of ['none', 'HS256']) {
    it(`jwt: ${algorithm} is no algorithm`, () => {
      const { told } = load(`jwt: { issuer: i, audiences: [x], jwksFile: jwks.json, algorithms: [${algorithm}] }`);
      assert.match(told.join(), /error CFG006 credentials\.0\.jwt\.algorithms\.0/);
    });
  }
});
