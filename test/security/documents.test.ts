// What SECURITY.md and docs/security.md promise: every test of the threat model is there, and the packages that come along
// may be used and passed on by anyone.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readRuntimePackages } from '../../docs/generate/licences.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

describe('threat model', () => {
  const [, section = ''] = /^## Threat model\n(.*?)^## /ms.exec(read('docs/security.md')) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('|') && !/^\| (?:door|---)|^\|---/.test(line));

  it('has rows for every door', () => {
    assert.ok(rows.length > 15, `${rows.length} rows`);
  });

  for (const row of rows) {
    const cells = row.split('|').map((cell) => cell.trim());
    const [attack = '', tests = ''] = [cells[2], cells[4]];
    it(`shows what stops ${attack}`, () => {
      const links = [...tests.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)];
      assert.ok(links.length > 0, 'no test is named');
      for (const [, title = '', file = ''] of links) {
        assert.ok(existsSync(path.join(root, file)), `${file} is not there`);
        const titles = [...read(file).matchAll(/\b(?:describe|it)\(\s*(['"`])(.*?)\1/gs)].map(
          ([, , text = '']) => text,
        );
        const inTables = [...read(file).matchAll(/^\s*\['(.*?)',|^\s*'(.*?)',$/gm)].map(([, a, b]) => a ?? b ?? '');
        assert.ok(
          [...titles, ...inTables].some((text) => text.includes(title)),
          `${file} has no test "${title}"`,
        );
      }
    });
  }
});

describe('licences', () => {
  const permissive = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', '0BSD']);

  it('are permissive, of everything that comes along', () => {
    const packages = readRuntimePackages();
    assert.ok(packages.length > 30);
    assert.deepEqual(
      packages.filter(({ licence }) => !permissive.has(licence)),
      [],
    );
  });

  it('are those of the direct dependencies in package.json, too', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { readonly dependencies: object };
    const direct = readRuntimePackages().filter(({ isDirect }) => isDirect);
    assert.deepEqual(direct.map(({ name }) => name).toSorted(), Object.keys(dependencies).toSorted());
  });
});
