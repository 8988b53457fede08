import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createEmbeddedDirectory } from '../../../src/ldap/embedded/embedded-directory.ts';
import { type SampleOptions, sampleLdif } from '../../../src/ldap/embedded/sample-data.ts';
import { parseLdif } from '../../../src/ldap/ldif.ts';

const suffix = 'dc=example,dc=com';
const schema = readFileSync(new URL('../../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8');

function read(options: Partial<SampleOptions> = {}) {
  const chunks = Array.from(sampleLdif({ suffix, users: 300, groups: 20, ...options }));
  const entries = chunks.flatMap((chunk) => parseLdif(chunk)).flatMap((each) => (each.kind === 'entry' ? [each] : []));
  const values = (index: number, type: string) =>
    entries[index]?.attributes.find((each) => each.type === type)?.values.map(String) ?? [];
  return { chunks, entries, values };
}

describe('sampleLdif', () => {
  for (const auxiliary of [false, true])
    it(`fits the schema, ${auxiliary ? 'with' : 'without'} the auxiliary classes`, () => {
      const directory = createEmbeddedDirectory({ suffix, ...(auxiliary ? { schemaLdif: [schema] } : {}) });
      assert.equal(directory.load(sampleLdif({ suffix, users: 300, groups: 20, auxiliary })), 320);
      assert.equal(directory.entries, 323);
    });

  it('brings the base entries where they are asked for', () => {
    const ldif = sampleLdif({ suffix: 'o=acme', users: 1, groups: 1, base: true });
    assert.equal(createEmbeddedDirectory({ suffix: 'o=acme', ldif }).entries, 5);
  });

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(read().chunks, read().chunks);
    assert.notDeepEqual(read().chunks, read({ seed: 2 }).chunks);
  });

  it('makes more people of the same beginning', () => {
    const dns = (users: number) => read({ users }).entries.map(({ dn }) => dn);
    assert.deepEqual(dns(400).slice(0, 250), dns(250).slice(0, 250));
  });

  it('gives everybody a name, a mail address and a number of their own', () => {
    const { entries, values } = read({ users: 3000, groups: 0 });
    for (const type of ['uid', 'mail', 'employeeNumber'])
      assert.equal(new Set(entries.map((_, index) => values(index, type)[0])).size, 3000, type);
    for (const [index] of entries.entries()) assert.match(values(index, 'uid')[0] ?? '', /^[a-z]+\.[a-z]+\d*$/);
  });

  it('knows more letters than the English ones', () => {
    const { entries, values } = read();
    const names = entries.map((_, index) => values(index, 'cn')[0] ?? '').join();
    for (const script of [
      'ü',
      'ł',
      '\\p{Script=Han}',
      '\\p{Script=Arabic}',
      '\\p{Script=Cyrillic}',
      '\\p{Script=Devanagari}',
    ])
      assert.match(names, new RegExp(script, 'u'), script);
  });

  it('puts one person at the top and everybody else below another', () => {
    const { entries, values } = read({ groups: 0 });
    const seen = new Set<string>();
    for (const [index, { dn }] of entries.entries()) {
      const [manager] = values(index, 'manager');
      if (index === 0) assert.equal(manager, undefined);
      else assert.ok(seen.has(manager ?? ''), dn);
      seen.add(dn);
    }
  });

  it('makes a largest group of the size that was asked for, and none without a member', () => {
    const { entries, values } = read({ biggestGroup: 250 });
    const sizes = entries.slice(300).map((_, index) => values(300 + index, 'member').length);
    assert.equal(sizes[0], 250);
    assert.ok(Math.min(...sizes) >= 1 && Math.max(...sizes.slice(1)) <= 41);
    assert.deepEqual(read({ users: 0, groups: 1 }).values(0, 'member'), [`cn=nobody,${suffix}`]);
  });
});
