import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { hashToken, printTokenHash } from '../../src/auth/bearer.ts';
import { dumpConfig } from '../../src/config/dump-config.ts';
import type { GatewayConfig, TenantConfig } from '../../src/config/gateway-config.ts';
import { type LoadedGatewayFile, loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { gatewayProblems } from '../../src/config/problem-codes.ts';
import { printProblem } from '../../src/util/problem.ts';

const token = 'a-token-of-more-than-twenty-characters';
const password = 'correct horse battery staple';
const hash = printTokenHash(hashToken(token));
const env = {
  LDAP_PASSWORD: password,
  SCIM_TOKEN: token,
  SHORT: 'short',
  VALKEY_URL: 'rediss://:sesame@valkey.example.com',
  EMPTY: '',
};

const head = ['directory:', '  urls: [ldaps://ldap.example.com]', 'mapping: { file: m.yaml }'].join('\n');
const credentials = `credentials: [{ name: a, bearer: { tokenHash: "${hash}" } }]`;

describe('gateway file', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-config-'));
    const files = {
      'm.yaml': 'name: x\n',
      'password.txt': `${password}\n`,
      'token.txt': token,
      'hash.txt': `${hash}\n`,
      'ca.pem': '-----BEGIN CA',
      'cert.pem': '-----BEGIN CERT',
      'key.pem': '-----BEGIN KEY',
      'empty.txt': '\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function load(text: string): LoadedGatewayFile {
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(file, text);
    return loadGatewayFile(file, env);
  }

  function problems(text: string): readonly string[] {
    return load(text).problems.map((problem) => printProblem({ ...problem, file: 'g.yaml' }));
  }

  function config(text: string): GatewayConfig {
    const loaded = load(text);
    assert.deepEqual(loaded.problems.map(printProblem), []);
    assert.ok(loaded.config !== undefined);
    return loaded.config;
  }

  /** The one of a file without tenants. */
  function tenant(text: string): TenantConfig {
    const { tenants } = config(text);
    assert.equal(tenants.length, 1);
    return tenants[0]!;
  }

  it('fills in defaults', () => {
    const { tenants: _tenants, ...common } = config(`${head}\n${credentials}\n`);
    assert.deepEqual(common, {
      listen: { host: '127.0.0.1', port: 8080 },
      workers: 1,
      trustedProxies: [],
      log: { level: 'info' },
    });
    const { mapping, credentials: loaded, ...rest } = tenant(`${head}\n${credentials}\n`);
    assert.deepEqual(mapping, { file: path.join(folder, 'm.yaml'), variables: {} });
    assert.deepEqual(
      loaded.map(({ name, method, profile }) => [name, method, profile.name]),
      [['a', { kind: 'bearer', tokens: [{ tokenHash: hashToken(token) }] }, 'interop']],
    );
    assert.deepEqual(rest, {
      guards: { readOnly: false, protect: { bases: [], filters: [] } },
      name: '',
      hosts: [],
      basePath: '/scim/v2',
      directory: {
        urls: ['ldaps://ldap.example.com'],
        allowPlaintext: false,
        tls: { startTls: false, verify: true },
        timeouts: { connectSeconds: 5, operationSeconds: 15 },
        pool: { size: 2, pagedSize: 4, maxInFlight: 32, idleSeconds: 240 },
      },
      publicDiscovery: 'serviceProviderConfig',
      limits: {
        defaultCount: 100,
        maxCount: 1000,
        maxScan: 100_000,
        cursorSeconds: 600,
        maxOperations: 1000,
        bodyBytes: 8_388_608,
        requestSeconds: 30,
        authenticationFailures: 10,
        authenticationWaitSeconds: 60,
      },
    });
  });

  it('takes a process for each core', () => {
    assert.equal(config(`workers: auto\n${head}\n${credentials}\n`).workers, availableParallelism());
    assert.deepEqual(config(`admin: { port: 0 }\n${head}\n${credentials}\n`).admin, { host: '127.0.0.1', port: 0 });
  });

  it('keeps the audit beside the file, or on standard output', () => {
    const auditOf = (file: string) => config(`audit: { file: "${file}" }\n${head}\n${credentials}\n`).audit?.file;
    assert.deepEqual(['a.jsonl', '/var/log/a.jsonl', '-'].map(auditOf), [
      path.join(folder, 'a.jsonl'),
      '/var/log/a.jsonl',
      '-',
    ]);
  });

  for (const [publicUrl, listen, basePath, url] of [
    ['https://scim.example.com', '', '', 'https://scim.example.com'],
    ['https://scim.example.com/', '', '', 'https://scim.example.com'],
    ['https://scim.example.com/a/v2/', '', '/a/v2', 'https://scim.example.com/a/v2'],
    ['https://scim.example.com/a/v2', 'listen: { path: /inner }', '/inner', 'https://scim.example.com/a/v2'],
  ] as const) {
    it(`P6 takes the base path of ${publicUrl} ${listen}`, () => {
      const loaded = tenant(`publicUrl: ${publicUrl}\n${listen}\n${head}\n${credentials}\n`);
      assert.equal(loaded.publicUrl, url);
      assert.equal(loaded.basePath, basePath);
    });
  }

  it('finds the mappings that ship', () => {
    const text = `directory: { urls: [ldap://h] }\nmapping: { file: scim-ldap/openldap/inet-org-person.yaml }\n${credentials}\n`;
    assert.match(tenant(text).mapping.file, /mappings\/openldap\/inet-org-person\.yaml$/);
  });

  for (const [title, bearer] of [
    ['a hash', `tokenHash: "${hash}"`],
    ['a file with a hash', 'tokenHashFile: hash.txt'],
    ['a file with the token', 'tokenFile: token.txt'],
    ['the environment', 'tokenEnv: SCIM_TOKEN'],
  ] as const) {
    it(`takes a token from ${title}`, () => {
      const loaded = tenant(`${head}\ncredentials: [{ name: a, profile: entra, bearer: { ${bearer} } }]\n`);
      const tokens = [{ tokenHash: hashToken(token) }];
      assert.deepEqual(loaded.credentials[0]?.method, { kind: 'bearer', tokens });
      assert.equal(loaded.credentials[0]?.profile.name, 'entra');
    });
  }

  for (const [title, source] of [
    ['a file', 'passwordFile: password.txt'],
    ['the environment', 'passwordEnv: LDAP_PASSWORD'],
  ] as const) {
    it(`takes the password from ${title}`, () => {
      const text = head.replace('\nmapping', `\n  bind: { dn: cn=x, ${source} }\nmapping`);
      const { bind } = tenant(`${text}\n${credentials}\n`).directory;
      assert.ok(bind !== undefined && 'password' in bind);
      assert.equal(bind.password.reveal(), password);
    });
  }

  it('reads certificates', () => {
    const text = `directory:
  urls: [ldap://ldap.example.com]
  bind: { mechanism: EXTERNAL }
  tls: { startTls: true, caFile: ca.pem, certFile: cert.pem, keyFile: key.pem, servername: x }
mapping: { file: m.yaml }
${credentials}
`;
    const { tls, bind } = tenant(text).directory;
    assert.deepEqual(bind, { mechanism: 'EXTERNAL' });
    assert.deepEqual(
      [tls.startTls, tls.ca, tls.cert, tls.key?.reveal(), tls.servername],
      [true, '-----BEGIN CA', '-----BEGIN CERT', '-----BEGIN KEY', 'x'],
    );
  });

  it('takes several tokens of one credential, each for its time', () => {
    const list = `[{ tokenEnv: SCIM_TOKEN, notAfter: 2100-01-31 }, { tokenHash: "sha256:${'0'.repeat(64)}", notBefore: "2099-12-31T23:00:00-01:00" }]`;
    const loaded = config(`${head}\ncredentials: [{ name: a, bearer: { tokens: ${list} } }]\n`);
    assert.deepEqual(loaded.tenants[0]?.credentials[0]?.method, {
      kind: 'bearer',
      tokens: [
        { tokenHash: hashToken(token), notAfter: Date.UTC(2100, 0, 31) },
        { tokenHash: Buffer.alloc(32), notBefore: Date.UTC(2100, 0, 1) },
      ],
    });
    assert.match(dumpConfig(loaded), /notAfter: 2100-01-31T00:00:00.000Z/);
  });

  for (const [title, text, expected] of [
    [
      'a name that only looks like loopback, and certificates that are none',
      `directory:
  urls: [ldap://127.example.com]
  bind: { dn: cn=x, passwordFile: password.txt }
  tls: { caFile: token.txt }
mapping: { file: m.yaml }
${credentials}
`,
      [
        'g.yaml:2:10 error CFG014 directory.urls.0: the password would cross the network unencrypted (use ldaps:// or tls.startTls)',
        'g.yaml:4:10 error CFG006 directory.tls.caFile: token.txt holds nothing in PEM form',
      ],
    ],
    ['an empty file', '', ['g.yaml:1:1 error CFG005 must be a block of keys, not empty']],
    [
      'everything that is missing',
      'listen: {}\n',
      [
        'g.yaml:1:1 error CFG004 "directory" is missing',
        'g.yaml:1:1 error CFG004 "mapping" is missing',
        'g.yaml:1:1 error CFG004 "credentials" is missing',
      ],
    ],
    [
      'unknown keys with a hint',
      `lissten: {}\n${head}\n${credentials}\nlimits: { maxcount: 3 }\n`,
      [
        'g.yaml:1:1 error CFG003 lissten: unknown key (did you mean "listen"?)',
        'g.yaml:6:11 error CFG003 limits.maxcount: unknown key (did you mean "maxCount"?)',
      ],
    ],
    [
      'a hash that is none',
      `${head}\ncredentials: [{ name: a, bearer: { tokenHash: secret-token } }]\n`,
      [
        'g.yaml:4:36 error CFG006 credentials.0.bearer.tokenHash: is not of the form that is expected here (scim-ldap token makes one; of a token that is there, printf %s "$TOKEN" | sha256sum gives the digits)',
      ],
    ],
    [
      'several things at once',
      `listen: { port: 70000 }
publicUrl: scim.example.com
trustedProxies: [10.0.0.0/8]
directory:
  urls: [http://ldap.example.com]
mapping: { file: m.yaml }
credentials: []
discovery: { public: everything }
`,
      [
        'g.yaml:1:11 error CFG006 listen.port: must be <= 65535',
        'g.yaml:2:1 error CFG006 publicUrl: is not of the form that is expected here (for example "https://scim.example.com/scim/v2")',
        'g.yaml:5:10 error CFG006 directory.urls.0: is not of the form that is expected here (for example "ldaps://ldap.example.com")',
        'g.yaml:7:1 error CFG006 credentials: must not be empty',
        'g.yaml:8:14 error CFG006 discovery.public: must be one of none, serviceProviderConfig, all',
      ],
    ],
    [
      'what no schema can say',
      `trustedProxies: [10.0.0.0/33, nonsense, "::1/64", 10.1.2.3]
directory:
  urls: [ldap://ldap.example.com, "ldap://[::1]"]
  bind: { dn: cn=x, password: secret-in-the-file }
  tls: { verify: false, certFile: missing.pem }
mapping: { file: none.yaml }
credentials:
  - { name: a, profile: entre, bearer: { tokenEnv: SCIM_TOKEN } }
  - { name: a, bearer: { tokenEnv: SHORT } }
  - { name: b, bearer: { tokenEnv: UNSET } }
  - { name: c, bearer: { tokenEnv: EMPTY } }
  - { name: d, bearer: { tokenFile: empty.txt } }
  - { name: e, bearer: { tokenHashFile: token.txt } }
  - { name: f, bearer: {} }
  - { name: g, bearer: { tokenFile: token.txt, tokenHashFile: hash.txt } }
  - { name: h, bearer: { tokenFile: token.txt } }
limits: { defaultCount: 50, maxCount: 20 }
`,
      [
        'g.yaml:1:18 error CFG006 trustedProxies.0: must be an address or a network (10.0.0.0/8)',
        'g.yaml:1:31 error CFG006 trustedProxies.1: must be an address or a network (10.0.0.0/8)',
        'g.yaml:3:10 error CFG014 directory.urls.0: the password would cross the network unencrypted (use ldaps:// or tls.startTls)',
        'g.yaml:4:21 warning CFG008 directory.bind.password: a password stands in the file (use passwordFile or passwordEnv)',
        'g.yaml:5:10 warning CFG014 directory.tls.verify: anyone on the way can pose as the directory (set caFile instead)',
        'g.yaml:5:3 error CFG009 directory.tls: certFile and keyFile go together',
        'g.yaml:5:25 error CFG010 directory.tls.certFile: missing.pem cannot be read: there is no such file',
        'g.yaml:6:12 error CFG010 mapping.file: none.yaml cannot be read: there is no such file',
        'g.yaml:8:16 error CFG013 credentials.0.profile: there is no such client profile (did you mean "entra"?)',
        'g.yaml:9:7 error CFG012 credentials.1.name: a is there twice',
        'g.yaml:9:26 error CFG015 credentials.1.bearer.tokenEnv: the token is shorter than 20 characters',
        'g.yaml:10:26 error CFG011 credentials.2.bearer.tokenEnv: the environment variable UNSET is not set or empty',
        'g.yaml:11:26 error CFG011 credentials.3.bearer.tokenEnv: the environment variable EMPTY is not set or empty',
        'g.yaml:12:26 error CFG010 credentials.4.bearer.tokenFile: empty.txt is empty',
        'g.yaml:13:26 error CFG006 credentials.5.bearer.tokenHashFile: is not sha256: and 64 hexadecimal digits',
        'g.yaml:14:16 error CFG007 credentials.6.bearer: exactly one of tokenHash, tokenHashFile, tokenFile, tokenEnv is needed, found none',
        'g.yaml:15:16 error CFG007 credentials.7.bearer: exactly one of tokenHash, tokenHashFile, tokenFile, tokenEnv is needed, found tokenHashFile and tokenFile',
        'g.yaml:17:11 error CFG006 limits.defaultCount: must not be above maxCount, which is 20',
      ],
    ],
    [
      'times of tokens that cannot be meant',
      `${head}\ncredentials:\n  - { name: a, bearer: { tokenEnv: SCIM_TOKEN, notAfter: 2020-01-01 } }\n  - { name: b, bearer: { tokenHash: "sha256:${'0'.repeat(64)}", notBefore: 2027-01-01, notAfter: 2027-01-01 } }\n  - { name: c, bearer: { tokenHash: "sha256:${'1'.repeat(64)}", notBefore: 2027-13-01 } }\n  - { name: d, bearer: { tokens: [{ tokenHash: "sha256:${'2'.repeat(64)}" }], notAfter: 2100-01-01 } }\n  - { name: e }\n`,
      [
        'g.yaml:5:48 warning CFG017 credentials.0.bearer.notAfter: the token has expired (remove it)',
        'g.yaml:6:135 error CFG006 credentials.1.bearer.notAfter: must be later than notBefore',
        'g.yaml:7:112 error CFG006 credentials.2.bearer.notBefore: there is no such time',
        'g.yaml:8:16 error CFG009 credentials.3.bearer: beside tokens no other key may stand',
        'g.yaml:9:5 error CFG007 credentials.4: exactly one of bearer, jwt, introspection, certificate, basic, hoba is needed, found none',
      ],
    ],
    [
      'processes that are no number',
      `workers: many\n${head}\n${credentials}\n`,
      ['g.yaml:1:1 error CFG006 workers: is not of the form that is expected here (a number of processes, or auto)'],
    ],
    [
      'no process at all',
      `workers: 0\n${head}\n${credentials}\n`,
      ['g.yaml:1:1 error CFG006 workers: must be >= 1 (a number of processes, or auto)'],
    ],
    [
      'one port for two',
      `admin: { port: 8080 }\n${head}\n${credentials}\n`,
      ['g.yaml:1:1 error CFG009 admin: port 8080 is the one of listen'],
    ],
    [
      'tokens that two clients share',
      `${head}\ncredentials:\n  - { name: a, bearer: { tokenEnv: SCIM_TOKEN } }\n  - { name: b, bearer: { tokenHashFile: hash.txt } }\n`,
      ['g.yaml:6:5 error CFG012 credentials.1: has the same token as a'],
    ],
    [
      'StartTLS over ldaps',
      `directory: { urls: [ldaps://h], tls: { startTls: true } }\nmapping: { file: m.yaml }\n${credentials}\n`,
      [
        'g.yaml:1:21 error CFG009 directory.urls.0: ldaps:// and startTls exclude one another (use ldap:// with startTls)',
      ],
    ],
    [
      'a bind that says nothing',
      `directory: { urls: [ldaps://h], bind: {} }\nmapping: { file: m.yaml }\n${credentials}\n`,
      ['g.yaml:1:33 error CFG004 directory.bind: "dn" is missing (leave bind out for an anonymous gateway)'],
    ],
  ] as const) {
    it(`reports ${title}`, () => {
      assert.deepEqual(problems(text), expected);
      assert.equal(load(text).config, undefined);
    });
  }

  it('reports a file that is not there', () => {
    const { config: none, problems: found } = loadGatewayFile(path.join(folder, 'none.yaml'), env);
    assert.equal(none, undefined);
    assert.deepEqual(
      found.map(({ code, message }) => [code, message]),
      [['CFG001', 'the gateway file cannot be read: there is no such file']],
    );
  });

  it('a warning leaves a configuration', () => {
    const text = `directory: { urls: [ldap://h], allowPlaintext: true, bind: { dn: cn=x, passwordEnv: LDAP_PASSWORD } }
mapping: { file: m.yaml }
${credentials}
`;
    const { config: loaded, problems: found } = load(text);
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['CFG014', 'warning']],
    );
    assert.equal(loaded?.tenants[0]?.directory.allowPlaintext, true);
  });

  it('keeps what credentials may do, with its place for what is found later', () => {
    const text = `${head}
credentials:
  - name: a
    bearer: { tokenHash: "${hash}" }
    permissions:
      User: { operations: [read], filter: title pr }
    roles: [{ role: admin }]
`;
    const authorization = config(text).tenants[0]?.credentials[0]?.authorization;
    assert.deepEqual(authorization?.permissions, { User: { operations: ['read'], filter: 'title pr' } });
    assert.deepEqual(authorization?.roles, [{ role: 'admin' }]);
    const { line, path: key } = authorization?.locate(['permissions', 'User', 'filter']) ?? {};
    assert.deepEqual([line, key], [8, 'credentials.0.permissions.User.filter']);
    assert.match(dumpConfig(config(text)), /filter: title pr/);
    assert.equal(config(`${head}\n${credentials}`).tenants[0]?.credentials[0]?.authorization, undefined);
    const wrong = text.replace('operations: [read]', 'operations: [reed]');
    assert.match(problems(wrong).join(), /credentials\.0\.permissions\.User\.operations\.0/);
  });

  it('reads what nobody may do, and tells of names and filters that are none', () => {
    const guards = (text: string) => `${head}\n${credentials}\nguards: { protect: ${text} }`;
    const [tenant] = config(guards('{ bases: ["ou=a,dc=b"], filters: ["(adminCount=1)"] }')).tenants;
    assert.deepEqual(tenant?.guards.protect, {
      bases: ['ou=a,dc=b'],
      filters: [{ kind: 'equality', attribute: 'adminCount', value: '1' }],
    });
    assert.match(dumpConfig(config(guards('{ filters: ["(adminCount=1)"] }'))), /- \(adminCount=1\)/);
    const found = problems(guards('{ bases: [services], filters: ["(adminCount=1"] }'));
    assert.equal(found.length, 2, found.join('\n'));
    assert.match(found.join('\n'), /guards\.protect\.bases\.0: is not a DN/);
    assert.match(found.join('\n'), /guards\.protect\.filters\.0: /);
  });

  it('reads limits on deletions, and keeps the URL of what counts to itself', () => {
    const guards = (text: string) => `${head}\n${credentials}\nguards: { deletions: ${text} }`;
    const deletionsOf = (text: string) => tenant(guards(text)).guards.deletions;
    assert.deepEqual(deletionsOf('{ perTenant: 9 }'), { perTenant: 9, seconds: 3600 });
    const shared = guards('{ perCredential: 5, seconds: 60, shared: { urlEnv: VALKEY_URL } }');
    assert.equal(tenant(shared).guards.deletions?.shared?.reveal(), env.VALKEY_URL);
    assert.doesNotMatch(dumpConfig(config(shared)), /redis|sesame/);
    assert.match(problems(guards('{ seconds: 60 }')).join(), /"perCredential" or "perTenant" is missing/);
    assert.match(problems(guards('{ perTenant: 1, shared: { url: "http://x" } }')).join(), /is not a URL such as/);
    assert.match(problems(guards('{ perTenant: 1, shared: { url: "redis://:p@x" } }')).join(), /warning CFG008/);
    assert.match(problems(guards('{ perTenant: 1, shared: {} }')).join(), /CFG007/);
  });

  it('never shows a secret, however a configuration is printed', () => {
    const text = `directory:
  urls: [ldaps://ldap.example.com]
  bind: { dn: cn=gateway, passwordEnv: LDAP_PASSWORD }
  tls: { certFile: cert.pem, keyFile: key.pem }
mapping: { file: m.yaml }
credentials: [{ name: a, bearer: { tokenEnv: SCIM_TOKEN } }]
`;
    const loaded = config(text);
    const dump = dumpConfig(loaded);
    assert.match(dump, /password: "\*\*\*"/);
    assert.match(dump, /dn: cn=gateway/);
    for (const shown of [
      dump,
      inspect(loaded, { depth: 9, showHidden: true }),
      JSON.stringify(loaded),
      String(loaded.tenants[0]?.directory.tls.key),
    ]) {
      assert.doesNotMatch(shown, new RegExp(`${password}|${token}|KEY`));
    }
    assert.doesNotMatch(dump, new RegExp(hash));
  });

  it('has a code of its own for every kind of problem', () => {
    const codes = Object.values(gatewayProblems).map(({ code }) => code);
    assert.equal(new Set(codes).size, codes.length);
  });
});
