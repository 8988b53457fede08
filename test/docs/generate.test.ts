// The generated regions of the documents are what the program makes of itself now; what the keys' descriptions promise
// of defaults is what is in force.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { blocksOf, type KeySchema, readKeySchema, resolve } from '../../docs/generate/keys.ts';
import { fillRegions, printTable, regionsOf } from '../../docs/generate/regions.ts';
import { generatedDocuments, regenerate, regions } from '../../docs/generate.ts';
import { loadGatewayFile } from '../../src/config/load-gateway-file.ts';
import { transformFactories } from '../../src/mapping/transforms/registry.ts';
import { printProblem } from '../../src/util/problem.ts';

const docs = path.resolve(import.meta.dirname, '../../docs');

describe('documents that are made', () => {
  for (const name of generatedDocuments) {
    it(`docs/${name} is up to date`, async () => {
      const { before, after } = await regenerate(name);
      const [is, should] = [before.split('\n'), after.split('\n')];
      const line = should.findIndex((text, index) => text !== is[index]);
      assert.deepEqual(
        [line + 1, is[line], is.length],
        [0, undefined, should.length],
        `${should[line]}\nRun: npm run docs`,
      );
    });
  }

  it('show every region once', () => {
    const shown = generatedDocuments.flatMap((name) => regionsOf(readFileSync(path.join(docs, name), 'utf8')));
    assert.deepEqual(shown.toSorted(), [...regions.keys()].toSorted());
  });

  it('a region is filled, and what stands around it stays', async () => {
    const document = 'before\n<!-- generated: a -->\nold\n<!-- end of a -->\nafter\n';
    assert.equal(
      await fillRegions(document, new Map([['a', () => 'new $1']])),
      'before\n<!-- generated: a -->\n\nnew $1\n\n<!-- end of a -->\nafter\n',
    );
    await assert.rejects(fillRegions(document, new Map()), /Nothing makes the region a/);
  });

  it('a bar does not end a cell', () => {
    assert.equal(printTable(['a'], [['(|)']]), '| a |\n|---|\n| (\\|) |');
  });
});

describe('schemas of the files', () => {
  for (const name of ['gateway.schema.json', 'mapping.schema.json']) {
    const root = readKeySchema(name);
    for (const { path: place, schema } of blocksOf(root)) {
      it(`${name}: every key of ${place || 'the file'} is explained`, () => {
        const poor = Object.entries(schema.properties ?? {}).filter(([, key]) => !isExplained(key, root));
        assert.deepEqual(
          poor.map(([key]) => key),
          [],
        );
      });
    }
  }

  it('are JSON Schema, as are those of the options of transforms', () => {
    const ajv = new Ajv2020();
    const schemas = ['gateway.schema.json', 'mapping.schema.json'].map((name): object => readKeySchema(name));
    for (const schema of [...schemas, ...[...transformFactories.values()].map(({ options }) => options)]) {
      assert.ok(ajv.validateSchema(schema), ajv.errorsText());
    }
    assert.ok(!ajv.validateSchema({ type: 'text' }));
  });

  it('defaults in gateway.schema.json are those in force', () => {
    const { config } = load(
      [
        'directory: { urls: ["ldaps://ldap.example.com"] }',
        'admin: {}',
        'mapping: { file: scim-ldap/openldap/inet-org-person.yaml }',
        'credentials:',
        '  - { name: a, bearer: { tokenEnv: TOKEN } }',
        '  - { name: b, jwt: { issuer: i, audiences: [a], jwksUrl: "https://i", resource: { type: User } } }',
        '  - { name: c, introspection: { url: "https://i", clientId: g, clientSecretEnv: TOKEN } }',
        '  - { name: d, basic: { bind: { base: dc=x, filter: "(uid={user})" } } }',
      ].join('\n'),
    );
    const only = config?.tenants[0];
    assert.ok(only);
    const method = (name: string) => only.credentials.find((each) => each.name === name)?.method;
    const jwt = method('b');
    assert.ok(jwt?.kind === 'jwt' && 'url' in jwt.keys);
    const basic = method('d');
    assert.ok(basic?.kind === 'basic' && basic.source === 'directory');
    const inForce: Record<string, unknown> = {
      ...config,
      ...only,
      discovery: { public: only.publicDiscovery },
      'credentials[]': {
        profile: only.credentials[0]?.profile.name,
        jwt: { ...jwt, keepKeysSeconds: jwt.keys.keepSeconds, resource: jwt.rules.resource },
        introspection: method('c'),
        basic: { bind: basic.entry },
      },
    };
    const blocks = blocksOf(readKeySchema('gateway.schema.json'));
    const said = blocks.flatMap(({ path: place, schema }) =>
      Object.entries(schema.properties ?? {}).flatMap(([key, { default: value }]) =>
        value === undefined ? [] : [[place === '' ? key : `${place}.${key}`, value] as const],
      ),
    );
    assert.ok(said.length > 15);
    const found = said.map(([at]) => [at, valueAt(inForce, at)]);
    assert.deepEqual(found, said);
  });

  it('the credentials in authentication.md are in order', () => {
    const text = readFileSync(path.join(docs, 'authentication.md'), 'utf8');
    const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block);
    assert.ok(blocks.length > 3);
    for (const block of blocks) {
      const head = 'directory: { urls: ["ldaps://h"] }\nmapping: { file: scim-ldap/openldap/inet-org-person.yaml }\n';
      const { problems } = load(head + block);
      assert.deepEqual(
        problems.filter((problem) => !/CFG010.*(?:\/run\/secrets|\.pem|\.key)|none can come/.test(problem)),
        [],
        block,
      );
    }
  });

  it('the gateway files in configuration.md are in order', () => {
    const text = readFileSync(path.join(docs, 'configuration.md'), 'utf8');
    const files = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block);
    const whole = files.filter((block) => block.startsWith('directory:'));
    assert.equal(whole.length, 2);
    for (const block of whole) assert.deepEqual(load(block).problems, []);
  });
});

function load(text: string): { config: ReturnType<typeof loadGatewayFile>['config']; problems: string[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'scim-ldap-docs-'));
  try {
    const file = path.join(folder, 'gateway.yaml');
    writeFileSync(file, text);
    const token = 'any-token-of-more-than-20-characters';
    const env = { TOKEN: token, SCIM_TOKEN: token, ACME_TOKEN: `${token}-a`, GLOBEX_TOKEN: `${token}-g` };
    const { config, problems } = loadGatewayFile(file, { ...env, LDAP_PASSWORD: 'any', GLOBEX_PASSWORD: 'any' });
    return { config, problems: problems.map(printProblem) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function valueAt(value: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), value);
}

/** It has a description, and a value to begin with unless its kind says all. */
function isExplained(key: KeySchema, root: KeySchema): boolean {
  const target = resolve(key, root);
  if ((key.description ?? target.description ?? '') === '') return false;
  const isBlock =
    target.properties !== undefined ||
    target.patternProperties !== undefined ||
    target.items?.properties !== undefined ||
    target.items?.$ref !== undefined;
  const isSelfEvident = target.enum !== undefined || target.type === 'boolean' || target.default !== undefined;
  return isBlock || isSelfEvident || target.examples !== undefined;
}
