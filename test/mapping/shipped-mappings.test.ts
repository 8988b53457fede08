// The mappings that ship fit the schema that they are made for: that of OpenLDAP, with the classes that ship beside them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseLdif, parseSchemaLdif } from '../../src/ldap/ldif.ts';
import { extendSubschema, parseSubschema } from '../../src/ldap/subschema/parse-subschema.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { loadMapping } from '../../src/mapping/file/load-mapping.ts';
import { printProblem } from '../../src/util/problem.ts';

const folder = path.resolve(import.meta.dirname, '../../mappings/openldap');
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const scimClasses = parseSchemaLdif(read('scim-person.ldif'));

/** `attributetype ( ... )` and `objectclass ( ... )` of a slapd.conf schema file, each without its line breaks. */
function definitionsOf(text: string, keyword: string): string[] {
  return text
    .split(/^(?=attributetype |objectclass )/m)
    .filter((statement) => statement.startsWith(`${keyword} `))
    .map((statement) => statement.slice(keyword.length).trim().replaceAll(/\s+/g, ' '));
}

describe('shipped mappings', () => {
  for (const [file, subschema] of [
    ['inet-org-person.yaml', standardSubschema],
    ['posix.yaml', standardSubschema],
    ['group-of-unique-names.yaml', standardSubschema],
    ['inet-org-person-scim.yaml', extendSubschema(standardSubschema, scimClasses)],
  ] as const) {
    it(`${file} fits the schema, and its objects hold what is mapped`, async () => {
      const { mapping } = await loadMapping(path.join(folder, file));
      assert.ok(mapping);
      const compiled = compileMapping(mapping, { subschema, live: true, matchEntryDn: false });
      assert.deepEqual(compiled.problems.map(printProblem), []);
      for (const { type, entry, mappers } of compiled.mapping?.resourceTypes ?? []) {
        const definition = mapping.file.resourceTypes[type.name]?.entry;
        const classes = [...entry.objectClasses, ...(definition?.auxiliaryClasses ?? [])];
        const { must, may } = subschema.allowed(classes);
        const written = mappers.flatMap((mapper) => mapper.writes).concat(entry.defaults.map((each) => each.attribute));
        const refused = written.filter((name) => {
          const attribute = subschema.attributeType(name);
          assert.ok(attribute, name);
          const key = attribute.names[0]?.toLowerCase() ?? '';
          return attribute.usage === 'userApplications' && !must.has(key) && !may.has(key);
        });
        assert.deepEqual(refused, []);
        const given = new Set(written.map((name) => subschema.attributeType(name)?.names[0]?.toLowerCase()));
        assert.deepEqual(
          [...must].filter((name) => name !== 'objectclass' && !given.has(name)),
          [],
        );
      }
    });
  }

  it('lldap/users-and-groups.yaml writes nothing, as lldap takes nothing but passwords', async () => {
    const { mapping } = await loadMapping(path.resolve(folder, '../lldap/users-and-groups.yaml'));
    assert.ok(mapping);
    // The one attribute that lldap calls by a name of its own; uid is one that nobody may write.
    const names = [
      "( 10.0 NAME 'first_name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 0.9.2342.19200300.100.1.1 NAME 'uid' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE NO-USER-MODIFICATION )",
    ];
    const subschema = extendSubschema(standardSubschema, {
      attributeTypes: names,
      objectClasses: ["( 10.1 NAME 'mailAccount' SUP top AUXILIARY )"],
    });
    const compiled = compileMapping(mapping, { subschema, live: true, matchEntryDn: false });
    assert.deepEqual(compiled.problems.map(printProblem), []);
    const types = compiled.mapping?.resourceTypes ?? [];
    assert.deepEqual(
      types.map(({ type, deletion, mappers }) => [type.name, deletion.kind, mappers.flatMap(({ writes }) => writes)]),
      [
        ['User', 'refuse', []],
        ['Group', 'refuse', []],
      ],
    );
    const password = types[0]?.mappers.find(({ ref }) => ref.attribute.name === 'password');
    assert.deepEqual(password?.passwordWrite, { along: [], generate: false });
  });

  it('scim-person.schema and scim-person.ldif define the same', () => {
    const conf = {
      attributeTypes: definitionsOf(read('scim-person.schema'), 'attributetype'),
      objectClasses: definitionsOf(read('scim-person.schema'), 'objectclass'),
    };
    const fromConf = parseSubschema(conf);
    const fromLdif = parseSubschema(scimClasses);
    assert.equal(fromConf.attributeTypes.length, 28);
    assert.deepEqual(fromConf.attributeTypes, fromLdif.attributeTypes);
    assert.deepEqual(fromConf.objectClasses, fromLdif.objectClasses);
  });

  it('389 Directory Server gets the same classes as OpenLDAP', () => {
    const file = path.resolve(folder, '../389-ds/60scim-person.ldif');
    const other = parseSubschema(parseSchemaLdif(readFileSync(file, 'utf8')));
    const own = parseSubschema(scimClasses);
    assert.equal(other.attributeTypes.length, 28);
    assert.deepEqual(other.attributeTypes, own.attributeTypes);
    assert.deepEqual(other.objectClasses, own.objectClasses);
  });

  it('posix-counters.ldif has the counters that posix.yaml takes from', async () => {
    const { mapping } = await loadMapping(path.join(folder, 'posix.yaml'));
    const counters = Object.values(mapping?.file.resourceTypes ?? {}).flatMap(({ entry }) =>
      Object.values(entry.defaults ?? {}).flatMap((each) =>
        typeof each === 'object' && 'counter' in each ? each : [],
      ),
    );
    assert.equal(counters.length, 2);
    const records = parseLdif(read('posix-counters.ldif'));
    const entries = records.flatMap((record) => (record.kind === 'entry' ? [record] : []));
    for (const { counter } of counters) {
      const entry = entries.find((each) => each.dn === counter.entry);
      const held = entry?.attributes.find((attribute) => attribute.type === counter.attribute);
      assert.match(String(held?.values[0]), /^\d+$/);
    }
  });
});
