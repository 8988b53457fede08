import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpConfig } from '../../src/config/dump-config.ts';
import type { TenantConfig } from '../../src/config/gateway-config.ts';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { printProblem } from '../../src/util/problem.ts';

const env = { A: 'token-a-0123456789-0123456789', B: 'token-b-0123456789-0123456789' };
const top = `directory: { urls: [ldaps://ldap.example.com] }
mapping: { file: m.yaml, variables: { suffix: dc=top, extra: kept } }
`;
const bearerA = 'credentials: [{ name: a, bearer: { tokenEnv: A } }]';
const bearerB = 'credentials: [{ name: b, bearer: { tokenEnv: B } }]';

describe('tenants of a gateway file', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-tenants-'));
    for (const name of ['m.yaml', 'own.yaml']) writeFileSync(path.join(folder, name), 'name: x\n');
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function load(text: string) {
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(file, text);
    const { config, problems } = loadGatewayFile(file, env);
    return { config, problems: problems.map((problem) => printProblem({ ...problem, file: 'g.yaml' })) };
  }

  function tenants(text: string): readonly TenantConfig[] {
    const { config, problems } = load(text);
    assert.deepEqual(problems, []);
    return config?.tenants ?? [];
  }

  it('have what they say, and the rest from the top of the file', () => {
    const [a, b] = tenants(`${top}listen: { path: /v2 }
limits: { maxScan: 7, maxOperations: 8 }
discovery: { public: all }
tenants:
  a:
    hosts: [A.example]
    ${bearerA}
  b:
    path: /b
    directory: { urls: [ldaps://b.example.com] }
    mapping: { file: own.yaml, variables: { suffix: dc=b } }
    limits: { maxScan: 9 }
    discovery: { public: none }
    ${bearerB}
`);
    assert.ok(a && b);
    assert.deepEqual([a.name, a.hosts, a.basePath, a.publicDiscovery], ['a', ['a.example'], '/v2', 'all']);
    assert.deepEqual([b.name, b.hosts, b.basePath, b.publicDiscovery], ['b', [], '/b', 'none']);
    assert.deepEqual([a.directory.urls, b.directory.urls], [['ldaps://ldap.example.com'], ['ldaps://b.example.com']]);
    assert.deepEqual(a.mapping, {
      file: path.join(folder, 'm.yaml'),
      variables: { suffix: 'dc=top', extra: 'kept' },
    });
    assert.deepEqual(b.mapping, {
      file: path.join(folder, 'own.yaml'),
      variables: { suffix: 'dc=b', extra: 'kept' },
    });
    const limits = ({ limits: { maxScan, maxOperations } }: TenantConfig) => [maxScan, maxOperations];
    assert.deepEqual(
      [limits(a), limits(b)],
      [
        [7, 8],
        [9, 8],
      ],
    );
    const names = ({ credentials }: TenantConfig) => credentials.map(({ name }) => name);
    assert.deepEqual([names(a), names(b)], [['a'], ['b']]);
  });

  it('may share a path where their hosts differ, and a host where their paths do', () => {
    const [a, b, c] = tenants(`${top}tenants:
  a: { hosts: [a.example, b.example], path: /x, ${bearerA} }
  b: { hosts: [b.example], publicUrl: "https://b.example/y/", ${bearerB} }
  c: { path: /x, credentials: [{ name: c, bearer: { tokenHash: "sha256:${'0'.repeat(64)}" } }] }
`);
    assert.deepEqual([a?.basePath, b?.basePath, c?.basePath], ['/x', '/y', '/x']);
    assert.equal(b?.publicUrl, 'https://b.example/y');
  });

  for (const [title, text, expected] of [
    [
      'what a tenant has not, nor the file',
      `tenants:\n  a: { ${bearerA} }\n  b: { path: /b, mapping: { variables: { x: y } }, ${bearerB} }\n`,
      [
        'g.yaml:2:3 error CFG004 tenants.a: "directory" is missing (here, or at the top for all tenants)',
        'g.yaml:2:3 error CFG004 tenants.a: "mapping" is missing (here, or at the top for all tenants)',
        'g.yaml:3:3 error CFG004 tenants.b: "directory" is missing (here, or at the top for all tenants)',
        'g.yaml:3:18 error CFG004 tenants.b.mapping: "file" is missing (here, or at the top for all tenants)',
      ],
    ],
    [
      'credentials and publicUrl at the top',
      `${top}publicUrl: https://x.example\n${bearerA}\ntenants:\n  b: { ${bearerB} }\n`,
      [
        'g.yaml:3:1 error CFG009 publicUrl: belongs to each tenant where there are tenants (tenants.NAME.publicUrl)',
        'g.yaml:4:1 error CFG009 credentials: belongs to each tenant where there are tenants (tenants.NAME.credentials)',
      ],
    ],
    [
      'tenants that nobody can tell apart',
      `${top}tenants:\n  a: { ${bearerA} }\n  b: { path: /scim/v2/b, ${bearerB} }\n`,
      [
        'g.yaml:5:3 error CFG016 tenants.b: the path /scim/v2/b and the path /scim/v2 of a are the same or one within the other (tell the tenants apart by path or by hosts)',
      ],
    ],
    [
      'a token that opens two doors',
      `${top}tenants:\n  a: { path: /a, ${bearerA} }\n  b: { path: /b, ${bearerA.replace('name: a', 'name: b')} }\n`,
      ['g.yaml:5:18 error CFG012 tenants.b.credentials: b takes the same tokens as a of a'],
    ],
    [
      'a tenant without credentials',
      `${top}tenants:\n  a: { path: /a }\n`,
      ['g.yaml:4:3 error CFG004 tenants.a: "credentials" is missing'],
    ],
    [
      'names that are none, and unknown keys',
      `${top}tenants:\n  A b: { path: /a, ${bearerA} }\n  b: { pth: /b, ${bearerB} }\n`,
      [
        'g.yaml:4:3 error CFG006 tenants.A b: is not of the form that is expected here (a name has lower case letters, digits and hyphens)',
        'g.yaml:5:8 error CFG003 tenants.b.pth: unknown key (did you mean "path"?)',
      ],
    ],
    [
      'mistakes at the top once, and those of a tenant at their place',
      `directory: { urls: [ldap://ldap.example.com], bind: { dn: cn=x, passwordEnv: NONE } }
mapping: { file: none.yaml }
tenants:
  a: { path: /a, limits: { maxCount: 1 }, ${bearerA} }
  b: { path: /b, directory: { urls: [ldaps://h], tls: { caFile: none.pem } }, ${bearerB} }
`,
      [
        'g.yaml:1:21 error CFG014 directory.urls.0: the password would cross the network unencrypted (use ldaps:// or tls.startTls)',
        'g.yaml:1:65 error CFG011 directory.bind.passwordEnv: the environment variable NONE is not set or empty',
        'g.yaml:2:12 error CFG010 mapping.file: none.yaml cannot be read: there is no such file',
        'g.yaml:4:18 error CFG006 tenants.a.limits.defaultCount: must not be above maxCount, which is 1',
        'g.yaml:5:57 error CFG010 tenants.b.directory.tls.caFile: none.pem cannot be read: there is no such file',
      ],
    ],
  ] as const) {
    it(`report ${title}`, () => {
      const { config, problems } = load(text);
      assert.deepEqual(problems, expected);
      assert.equal(config, undefined);
    });
  }

  const jwt = (name: string, more: string) =>
    `credentials: [{ name: ${name}, jwt: { issuer: "https://i.example", jwksUrl: "https://i.example/keys", ${more} } }]`;
  for (const [a, b, apart] of [
    ['audiences: [x]', 'audiences: [x]', false],
    ['audiences: [x, y]', 'audiences: [y, z]', false],
    ['audiences: [x]', 'audiences: [y]', true],
    ['audiences: [x], roles: [a]', 'audiences: [x], roles: [b]', true],
    ['audiences: [x], roles: [a, b]', 'audiences: [x], roles: [b]', false],
    ['audiences: [x], roles: [a]', 'audiences: [x]', false],
    ['audiences: [x], scopes: [a]', 'audiences: [x], scopes: [b]', true],
  ] as const) {
    it(`${apart ? 'may have' : 'have not'} one issuer for { ${a} } and { ${b} }`, () => {
      const text = `${top}tenants:\n  a: { path: /a, ${jwt('a', a)} }\n  b: { path: /b, ${jwt('b', b)} }\n`;
      const { problems } = load(text);
      const told = 'b takes the same tokens as a of a';
      assert.equal(problems.length, apart ? 0 : 1, problems.join('\n'));
      assert.ok(apart || problems[0]?.endsWith(told), problems.join('\n'));
    });
  }

  it('are told apart in a dump, without their secrets', () => {
    const { config } = load(`${top}tenants:\n  a: { path: /a, ${bearerA} }\n  b: { hosts: [b.example], ${bearerB} }\n`);
    assert.ok(config);
    const dump = dumpConfig(config);
    assert.match(
      dump,
      /^tenants:\n {2}a:\n {4}path: \/a\n(?:.|\n)*^ {2}b:\n {4}path: \/scim\/v2\n {4}hosts:\n {6}- b\.example$/m,
    );
    assert.doesNotMatch(dump, /token-[ab]/);
  });
});
