import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../../src/ldap/client/directory.ts';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../../src/ldap/embedded/embedded-directory.ts';
import { compileRanges } from '../../../src/ldap/embedded/value-ranges.ts';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import { LdapError } from '../../../src/ldap/errors.ts';
import { present } from '../../../src/ldap/filter.ts';

const suffix = 'dc=example,dc=com';

describe('embedded directory with limits', () => {
  let embedded: EmbeddedDirectory;
  let directory: Directory;
  before(async () => {
    embedded = createEmbeddedDirectory({ suffix, limits: { entries: 3, values: 2 } });
    for (const uid of ['a', 'b', 'c', 'd'])
      embedded.load(
        `\ndn: uid=${uid},ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\n`,
      );
    const { url } = await embedded.listen();
    directory = createDirectory({ urls: [url], bind: embedded.administrator });
  });
  after(async () => {
    await directory.close();
    await embedded.close();
  });
  const people = { base: `ou=people,${suffix}`, scope: 'one', filter: present('uid'), attributes: ['uid'] } as const;

  it('a search without pages ends with 4 after the entries that it may give', async () => {
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const entry of directory.search(people)) seen.push(entry.dn);
      },
      (error) => error instanceof LdapError && error.code === 4,
    );
    assert.equal(seen.length, 3);
    await assert.rejects(directory.search({ ...people, sizeLimit: 10 }).collect(), /sizeLimitExceeded/);
  });

  it('a page has no more of them, and pages give all', async () => {
    assert.equal((await directory.search({ ...people, pageSize: 100 }).collect()).entries.length, 4);
  });

  for (const [asked, shown] of [
    ['member', { member: [], 'member;range=0-1': ['a', 'b'] }],
    ['member;range=0-*', { 'member;range=0-1': ['a', 'b'] }],
    ['MEMBER;RANGE=2-*', { 'member;range=2-3': ['c', 'd'] }],
    ['member;range=3-*', { 'member;range=3-*': ['d', 'e'] }],
    ['member;range=1-1', { 'member;range=1-1': ['b'] }],
    ['member;range=4-9', { 'member;range=4-*': ['e'] }],
    ['member;range=9-*', { 'member;range=9-*': [] }],
    ['mail', { mail: ['m', 'n'] }],
  ] as const)
    it(`${asked} shows ${Object.keys(shown).join(' and ')}`, () => {
      const { names, cut } = compileRanges([asked], 2);
      const name = names[0]?.toLowerCase() ?? '';
      const values = { member: ['a', 'b', 'c', 'd', 'e'], mail: ['m', 'n'] }[name] ?? [];
      const entry = cut(new LdapEntry('cn=x', new Map([[name, values.map((value) => Buffer.from(value))]])));
      assert.deepEqual(Object.fromEntries([...entry.attributes].map(([key, each]) => [key, each.map(String)])), shown);
    });
});
