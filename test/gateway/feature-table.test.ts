// The table of suites and directories is what the test files really do.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { directories, ownSuites, sharedSuites, starters } from './feature-table.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const entries = new Map(directories.map((directory) => [directory, read(`gateway/${directory}.test.ts`)]));

/** Where it does not run, and why, for the title of the test. */
function exceptions(not: Partial<Readonly<Record<string, string>>> = {}): string {
  const told = Object.entries(not).map(([directory, why]) => `not on ${directory}, as: ${why}`);
  return told.length === 0 ? 'on every directory' : told.join('; ');
}

describe('which features are tested on which directory', () => {
  for (const { title, suite, variant, not } of sharedSuites) {
    it(`${title}: ${exceptions(not)}`, () => {
      for (const [directory, source] of entries) {
        const calls = new RegExp(`^ *${suite}\\(`, 'm').test(source);
        const isVariant = variant === undefined || source.includes(`'${variant}'`);
        assert.equal(calls && isVariant, not?.[directory] === undefined, directory);
      }
    });
  }

  for (const { title, file, not } of ownSuites) {
    it(`${title}: ${exceptions(not)}`, () => {
      for (const directory of directories)
        assert.equal(starters[directory].test(read(file)), not[directory] === undefined, directory);
    });
  }

  it('leaves no shared suite out', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.ts'));
    const made = files.flatMap((file) =>
      [...read(`gateway/${file}`).matchAll(/^export function (describe[A-Z]\w*)\(/gm)].map(([, name]) => name ?? ''),
    );
    assert.deepEqual([...new Set(sharedSuites.map(({ suite }) => suite))].toSorted(), made.toSorted());
  });
});
