// What the documents say is held against the files: links, commands, mappings, and a decision for each dependency.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadGatewayFile } from '../src/config/load-gateway-file.ts';
import { standardSubschema } from '../src/ldap/subschema/standard.ts';
import { compileMapping } from '../src/mapping/compile-mapping.ts';
import { loadMappingText } from '../src/mapping/file/load-mapping.ts';
import { printProblem } from '../src/util/problem.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const manifest: { readonly scripts: Record<string, string>; readonly dependencies: Record<string, string> } =
  JSON.parse(read('package.json'));

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, block = '']) =>
    found === language ? [block] : [],
  );
}

/** As they are made where Markdown is shown. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

const isGatewayFile = (text: string): boolean => /^directory:/m.test(text);

describe('documents', () => {
  it('README is short enough to be read', () => {
    assert.ok(read('README.md').split('\n').length < 200);
  });

  for (const document of documents) {
    it(`links of ${document} lead somewhere`, () => {
      const links = [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(
        ([, to = '']) => to,
      );
      assert.deepEqual(
        links.filter((to) => !existsSync(join(root, dirname(document), to))),
        [],
      );
    });

    it(`links of ${document} lead to headings that are there`, () => {
      const links = [...read(document).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
      const lost = links.filter(([, to = '', anchor = '']) => {
        const target = to === '' ? document : join(dirname(document), to);
        return !anchorsOf(read(target)).includes(anchor);
      });
      assert.deepEqual(
        lost.map(([link]) => link),
        [],
      );
    });

    it(`npm scripts in ${document} exist`, () => {
      const scripts = [...read(document).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
      assert.deepEqual(
        scripts.filter((name) => manifest.scripts[name] === undefined),
        [],
      );
    });
  }

  it('the gateway file in README is in order', () => {
    const files = blocksOf(read('README.md'), 'yaml').filter(isGatewayFile);
    assert.equal(files.length, 1);
    const folder = mkdtempSync(join(tmpdir(), 'scim-ldap-readme-'));
    try {
      const file = join(folder, 'gateway.yaml');
      writeFileSync(file, files[0] ?? '');
      const env = { LDAP_PASSWORD: 'any', SCIM_TOKEN: 'any-token-of-more-than-20-characters' };
      assert.deepEqual(loadGatewayFile(file, env).problems.map(printProblem), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('mappings in README fit the schema of the standards', async () => {
    const mappings = blocksOf(read('README.md'), 'yaml').filter((text) => !isGatewayFile(text));
    assert.ok(mappings.length > 0);
    for (const text of mappings) {
      const loaded = await loadMappingText(text, join(root, 'from-readme.yaml'));
      assert.deepEqual(loaded.problems.map(printProblem), []);
      assert.ok(loaded.mapping);
      const options = { subschema: standardSubschema, live: true, matchEntryDn: true };
      assert.deepEqual(compileMapping(loaded.mapping, options).problems.map(printProblem), []);
    }
  });

  describe('decisions', () => {
    const names = readdirSync(join(root, 'docs/adr')).filter((name) => /^\d{4}-/.test(name));

    it('are all in their table', () => {
      const table = read('docs/adr/README.md');
      assert.deepEqual(
        names.filter((name) => !table.includes(`[${name.slice(0, 4)}](${name})`)),
        [],
      );
    });

    for (const name of names) {
      it(`${name} has its four parts`, () => {
        const text = read(join('docs/adr', name));
        assert.match(text, new RegExp(`^# ${name.slice(0, 4)} \\S`));
        for (const part of ['Status', 'Context', 'Decision', 'Consequences']) {
          assert.ok(text.includes(`**${part}**`), `${part} is missing`);
        }
      });
    }

    for (const name of Object.keys(manifest.dependencies)) {
      it(`tell why ${name} is a dependency`, () => {
        const titles = names.map((each) => read(join('docs/adr', each)).split('\n')[0]?.split(' ') ?? []);
        assert.ok(titles.some((words) => words.includes(name)));
      });
    }
  });
});
