import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { standardSubschema } from '../../../src/ldap/subschema/standard.ts';
import { compileMapping } from '../../../src/mapping/compile-mapping.ts';
import { loadMapping, loadMappingText } from '../../../src/mapping/file/load-mapping.ts';
import type { LoadedMapping } from '../../../src/mapping/file/mapping-file.ts';
import { mappingProblemCodes } from '../../../src/mapping/file/problem-codes.ts';
import { transformFactories } from '../../../src/mapping/transforms/registry.ts';
import { printProblem } from '../../../src/util/problem.ts';
import { compileFileSchema } from '../../../src/util/yaml-document.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const shipped = path.join(root, 'mappings');
// Relative, as a person would name it: the golden files then hold on every machine.
const broken = path.relative('.', path.join(import.meta.dirname, 'broken'));

async function loadGood(file: string, variables: Readonly<Record<string, string>> = {}): Promise<LoadedMapping> {
  const { mapping, problems } = await loadMapping(file, { variables });
  assert.deepEqual(problems.map(printProblem), []);
  assert.ok(mapping);
  return mapping;
}

const user = `
resourceTypes:
  User:
    endpoint: /Users
    schema: urn:ietf:params:scim:schemas:core:2.0:User
    entry: { base: "ou=people,\${suffix}", filter: (objectClass=person), objectClasses: [person], rdn: uid }
    attributes:
      id: entryUUID
      userName: { attribute: uid, required: true }
      title: title
`;

async function loadText(text: string, variables: Readonly<Record<string, string>> = {}): Promise<LoadedMapping> {
  const { mapping, problems } = await loadMappingText(text, path.join(broken, 'text.yaml'), { variables });
  assert.deepEqual(problems.map(printProblem), []);
  assert.ok(mapping);
  return mapping;
}

describe('loadMapping', () => {
  it('leaves out of a draft what stands under a name that none can have, whatever it is', async () => {
    const text = `${user}  "urn:x":\nschemas: { "no urn": 7 }\nvariables: { suffix: o=x }\n`;
    const { problems, ...loaded } = await loadMappingText(text, 'm.yaml');
    assert.ok(loaded.mapping === undefined);
    const { draft } = loaded;
    assert.deepEqual(
      problems.map(({ path: at, message }) => [at, message]),
      [
        ['resourceTypes.urn:x', 'unknown key'],
        ['schemas.no urn', 'unknown key'],
      ],
    );
    assert.ok(draft);
    assert.deepEqual(Object.keys(draft.file.resourceTypes), ['User']);
    const options = { subschema: standardSubschema, live: false, matchEntryDn: true };
    assert.deepEqual(compileMapping(draft, options).problems.map(printProblem), []);
  });

  describe('shipped mappings', () => {
    const files = readdirSync(shipped, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.yaml') && !file.startsWith('common/'),
    );

    it('are there', () => assert.ok(files.length >= 3));

    for (const file of files) {
      it(`${file} loads without problems`, () => loadGood(path.join(shipped, file)));

      it(`${file} names its JSON Schema for editors`, () => {
        const comment = /^# yaml-language-server: \$schema=(\S+)$/m.exec(
          readFileSync(path.join(shipped, file), 'utf8'),
        );
        assert.equal(
          path.resolve(shipped, path.dirname(file), comment?.[1] ?? ''),
          path.join(shipped, 'mapping.schema.json'),
        );
      });
    }

    it('can be extended from anywhere by scim-ldap/', async () => {
      const text =
        'extends: scim-ldap/openldap/inet-org-person.yaml\nname: Ours\nvariables: { suffix: "dc=acme,dc=test" }\n';
      const { file, source } = await loadText(text);
      assert.equal(file.name, 'Ours');
      assert.equal(file.resourceTypes['User']?.entry.base, 'ou=people,dc=acme,dc=test');
      assert.equal(source.locate(['resourceTypes', 'User', 'entry']).file, 'scim-ldap/openldap/inet-org-person.yaml');
    });
  });

  describe('problems', () => {
    const files = readdirSync(broken).filter((file) => file.endsWith('.yaml'));

    for (const file of files) {
      it(`${file}: all of them, each with its place`, async () => {
        const { mapping, problems } = await loadMapping(path.join(broken, file));
        const told = problems.map((problem) => `${printProblem(problem).replaceAll(broken, '.')}\n`).join('');
        const golden = path.join(broken, file.replace(/yaml$/, 'txt'));
        if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(golden, told);
        assert.equal(told, readFileSync(golden, 'utf8'));
        assert.equal(mapping, undefined);
      });
    }

    it('of every code are among the broken files', () => {
      const told = files.map((file) => readFileSync(path.join(broken, file.replace(/yaml$/, 'txt')), 'utf8')).join('');
      const codes = new Set(told.match(/MAP\d{3}/g));
      const own = mappingProblemCodes.map(({ code }) => code).filter((code) => code < 'MAP100');
      assert.deepEqual([...codes].toSorted(), own.toSorted());
    });

    it('are all in the catalogue, those of the compiler too', () => {
      const folder = path.join(root, 'src/mapping');
      const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
      const text = sources.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('');
      const used = new Set([...text.matchAll(/'(MAP\d{3})'/g)].map(([, code]) => code));
      const listed = mappingProblemCodes.map(({ code }) => code);
      assert.deepEqual(used, new Set(listed));
    });

    it('name a file that is not there', async () => {
      const { mapping, problems } = await loadMapping('no/such/mapping.yaml');
      assert.equal(mapping, undefined);
      assert.deepEqual(problems, [
        {
          code: 'MAP001',
          severity: 'error',
          file: 'no/such/mapping.yaml',
          path: '',
          message: 'cannot be read: there is no such file',
        },
      ]);
    });
  });

  describe('variables', () => {
    it('stand in entry blocks and attribute mappings, and name one another', async () => {
      const { file } = await loadText(
        `variables: { suffix: "dc=\${name},dc=test", name: acme, nobody: "cn=nobody,\${suffix}" }${user}      nickName: { constant: "\${nobody}" }\n`,
      );
      assert.equal(file.resourceTypes['User']?.entry.base, 'ou=people,dc=acme,dc=test');
      assert.deepEqual(file.resourceTypes['User']?.attributes['nickName'], { constant: 'cn=nobody,dc=acme,dc=test' });
      assert.deepEqual(file.variables, {
        suffix: 'dc=acme,dc=test',
        name: 'acme',
        nobody: 'cn=nobody,dc=acme,dc=test',
      });
    });

    it('of the caller win, and reach those that name them', async () => {
      const text = `variables: { suffix: "dc=\${name}", name: acme }${user}`;
      const { file } = await loadText(text, { name: 'other' });
      assert.equal(file.resourceTypes['User']?.entry.base, 'ou=people,dc=other');
    });

    it('may be defined by the caller alone', async () => {
      const { file } = await loadText(user, { suffix: 'dc=x' });
      assert.equal(file.resourceTypes['User']?.entry.base, 'ou=people,dc=x');
    });

    it('are told of where the caller sets one that the file neither has nor uses', async () => {
      const variables = { suffix: 'dc=x', sufix: 'dc=y' };
      const { problems } = await loadMappingText(`variables: { suffix: dc=x }${user}`, 'x.yaml', { variables });
      assert.deepEqual(
        problems.map(({ code, message, hint }) => [code, message, hint]),
        [
          [
            'MAP020',
            'the mapping files have no variable "sufix", which the gateway file sets',
            'did you mean "suffix"?',
          ],
        ],
      );
    });

    it('leave computed attributes alone, which may say that they are read only', async () => {
      const { file } = await loadText(
        `variables: { suffix: dc=x }${user}      displayName: { template: "\${userName}", access: readOnly }\n`,
      );
      assert.deepEqual(file.resourceTypes['User']?.attributes['displayName'], {
        template: '${userName}',
        access: 'readOnly',
      });
    });

    it('go before SCIM paths in templates, which stay', async () => {
      const { file } = await loadText(
        `variables: { suffix: dc=x, title: Dr }${user}      displayName: { attribute: cn, default: "\${title} \${name.givenName|userName}" }\n`,
      );
      assert.deepEqual(file.resourceTypes['User']?.attributes['displayName'], {
        attribute: 'cn',
        default: 'Dr ${name.givenName|userName}',
      });
    });

    it('are put in once: a value is text, whatever it looks like', async () => {
      const { problems } = await loadMappingText(user, 'x.yaml', { variables: { suffix: '$' + '{suffix}' } });
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['MAP021'],
      );
    });
  });

  describe('extends', () => {
    const base = path.join(broken, 'parts', 'good.yaml');

    it('merges blocks, replaces the rest, removes with null', async () => {
      const { file } = await loadText(
        `extends: parts/good.yaml
resourceTypes:
  User:
    entry: { objectClasses: [inetOrgPerson] }
    attributes:
      title: null
      userName: { caseExact: true }
      nickName: sn
`,
      );
      const type = file.resourceTypes['User'];
      assert.deepEqual(type?.entry, {
        base: 'ou=people,dc=example,dc=com',
        filter: '(objectClass=person)',
        objectClasses: ['inetOrgPerson'],
        rdn: 'uid',
      });
      assert.deepEqual(type?.attributes, {
        id: 'entryUUID',
        userName: { attribute: 'uid', required: true, caseExact: true },
        nickName: 'sn',
      });
      assert.equal('extends' in file, false);
    });

    it('lets later files of a list win', async () => {
      const { file } = await loadText('extends: [parts/good.yaml, parts/other-suffix.yaml]\n');
      assert.equal(file.resourceTypes['User']?.entry.base, 'ou=people,dc=other');
      const turned = await loadText('extends: [parts/other-suffix.yaml, parts/good.yaml]\n');
      assert.equal(turned.file.resourceTypes['User']?.entry.base, 'ou=people,dc=example,dc=com');
    });

    it('lets two files share a third', async () => {
      await loadText('extends: [parts/good.yaml, parts/also-extends-good.yaml]\n');
    });

    it('finds the place of a key in the last file that set it', async () => {
      const { source } = await loadText(
        'extends: parts/good.yaml\nresourceTypes:\n  User:\n    attributes:\n      title: cn\n',
      );
      const attributes = ['resourceTypes', 'User', 'attributes'];
      const own = path.join(broken, 'text.yaml');
      assert.deepEqual(source.locate([...attributes, 'title']), { file: own, line: 5, column: 7 });
      assert.deepEqual(source.locate([...attributes, 'userName', 'required']), { file: base, line: 9, column: 35 });
      assert.deepEqual(source.locate([...attributes, 'locale', 'attribute']), { file: own, line: 4, column: 5 });
      assert.deepEqual(source.locate([]), { file: own, line: 1, column: 1 });
    });

    it('takes names such as __proto__ for what they are: unknown keys', async () => {
      const text = `${user}  __proto__: { endpoint: /X }\n__proto__: { polluted: true }\n`;
      const { problems } = await loadMappingText(text, 'x.yaml', { variables: { suffix: 'dc=x' } });
      assert.ok(problems.some(({ path: at }) => at === '__proto__'));
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    });
  });

  describe('mapping.schema.json', () => {
    const text = readFileSync(path.join(shipped, 'mapping.schema.json'), 'utf8');
    const schema = JSON.parse(text) as {
      properties: object;
      $defs: Record<string, { properties?: Record<string, object> }>;
    };

    it('compiles in strict mode', () => {
      compileFileSchema(schema);
    });

    it('knows the transforms that there are', () => {
      const transform = schema.$defs['attributeMapping']?.properties?.['transform'] as { enum: string[] };
      assert.deepEqual(transform.enum, [...transformFactories.keys()].toSorted());
    });

    it('describes every key', () => {
      const undescribed: string[] = [];
      const visit = (node: unknown, at: string): void => {
        if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
        const { properties = {}, ...rest } = node as { properties?: Record<string, object> };
        for (const [key, value] of Object.entries(properties)) {
          if (!('description' in value) && !('$ref' in value)) undescribed.push(`${at}.${key}`);
          visit(value, `${at}.${key}`);
        }
        for (const [key, value] of Object.entries(rest)) if (key !== 'examples') visit(value, `${at}/${key}`);
      };
      visit(schema, '');
      assert.deepEqual(undescribed, []);
    });

    it('gives examples that are valid', () => {
      const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false });
      ajv.addVocabulary(['errorHint']);
      ajv.addSchema(schema, 'mapping');
      let examples = 0;
      const visit = (node: unknown, pointer: string): void => {
        if (typeof node !== 'object' || node === null) return;
        if ('examples' in node && Array.isArray(node.examples)) {
          const validate = ajv.compile({ $ref: `mapping#${pointer}` });
          for (const example of node.examples as unknown[]) {
            examples += 1;
            assert.ok(validate(example), `${JSON.stringify(example)}: ${JSON.stringify(validate.errors)}`);
          }
        }
        for (const [key, value] of Object.entries(node)) if (key !== 'examples') visit(value, `${pointer}/${key}`);
      };
      visit(schema, '');
      assert.ok(examples > 20);
    });
  });
});
