// Broken mappings against the schema of a directory, each with the report that was looked at.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkMapping } from '../../src/check/check-mapping.ts';
import { checkSchema } from '../../src/check/check-schema.ts';
import { directoryProblems } from '../../src/check/problem-codes.ts';
import { reportTo } from '../../src/check/report.ts';
import { detectDialect } from '../../src/ldap/dialects/detect-dialect.ts';
import { knownRootDses } from '../../src/ldap/dialects/known-root-dses.ts';
import { loadMapping } from '../../src/mapping/file/load-mapping.ts';
import { type Problem, printProblem } from '../../src/util/problem.ts';
import { scimSubschema } from '../mapping/compiled.ts';

const folder = path.relative('', path.join(import.meta.dirname, 'broken'));
const rootDse = knownRootDses.get('openldap');
assert.ok(rootDse);
const dialect = detectDialect(rootDse);

/** As `check --live` finds them without looking at entries. */
async function problemsOf(file: string): Promise<readonly string[]> {
  const options = { subschema: scimSubschema, live: true, matchEntryDn: true };
  const { problems, compiled } = checkMapping(await loadMapping(file), options);
  const more: Problem[] = [];
  if (compiled !== undefined)
    checkSchema(compiled.mapping, dialect, reportTo(more, compiled.loaded.source, directoryProblems));
  return [...problems, ...more].map(printProblem);
}

describe('a mapping against a schema', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  it('30 broken mappings have their report, with those that are broken by themselves', () => {
    const others = readdirSync(path.join(import.meta.dirname, '../mapping/file/broken'));
    assert.ok(files.length + others.filter((name) => name.endsWith('.yaml')).length >= 30);
  });

  for (const name of files) {
    it(name, async () => {
      const report = `${(await problemsOf(path.join(folder, name))).join('\n')}\n`;
      const golden = path.join(folder, name.replace(/yaml$/, 'txt'));
      if (process.env['UPDATE_GOLDEN'] !== undefined || !existsSync(golden)) writeFileSync(golden, report);
      assert.notEqual(report, '\n');
      assert.equal(report, readFileSync(golden, 'utf8'));
    });
  }

  for (const name of ['inet-org-person.yaml', 'inet-org-person-scim.yaml', 'group-of-unique-names.yaml']) {
    it(`${name}, which ships, has none`, async () => {
      assert.deepEqual(await problemsOf(`scim-ldap/openldap/${name}`), []);
    });
  }
});
