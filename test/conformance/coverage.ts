// Which rules of the checklist have a test. Titles are taken from Mocha's dry run, so that titles made of tables count.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checklist, type RuleNumber, untested } from './checklist.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const rules = Object.keys(checklist) as RuleNumber[];

export interface Title {
  readonly file: string;
  readonly text: string;
}

/** Files that test each rule, relative to the root of the project. */
export function coverage(titles: readonly Title[]): ReadonlyMap<RuleNumber, ReadonlySet<string>> {
  const found = new Map<RuleNumber, Set<string>>();
  for (const { file, text } of titles) {
    // Tests of the LDAP side have a numbering of their own.
    if (file.startsWith('test/ldap/')) continue;
    for (const rule of rulesIn(text)) found.set(rule, (found.get(rule) ?? new Set()).add(file));
  }
  return found;
}

/** `G16`, several of them, and ranges: `E20-E50`, `G20 to G28`. */
export function rulesIn(title: string): RuleNumber[] {
  const found = title.matchAll(/(?<![\w.])([A-S])([1-9]\d?)(?:(?:-| to )\1([1-9]\d?))?(?!\w)/g);
  return [...found].flatMap(([, letter = '', first = '', last = first]) =>
    rules.filter((rule) => {
      const number = Number(rule.slice(1));
      return rule.startsWith(letter) && number >= Number(first) && number <= Number(last);
    }),
  );
}

export async function readTitles(): Promise<Title[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [mocha, '--dry-run', '--reporter', 'json', 'test/**/*.test.ts'],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    readonly tests: readonly { readonly file: string; readonly fullTitle: string }[];
  };
  return report.tests.map(({ file, fullTitle }) => ({ file: relative(root, file), text: fullTitle }));
}

export function withoutTest(tested: ReadonlyMap<RuleNumber, unknown>): RuleNumber[] {
  return rules.filter((rule) => !tested.has(rule));
}

if (process.argv[1] === join(root, 'test/conformance/coverage.ts')) {
  const missing = withoutTest(coverage(await readTitles()));
  for (const rule of missing) {
    process.stdout.write(`${rule.padEnd(4)} ${checklist[rule]}: ${untested[rule] ?? 'NO TEST AND NO REASON'}\n`);
  }
  process.stdout.write(`${rules.length - missing.length} of ${rules.length} rules have a test\n`);
  process.exitCode = missing.every((rule) => untested[rule] !== undefined) ? 0 : 1;
}
