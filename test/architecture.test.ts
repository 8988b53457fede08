// The shape of `src` as a test: which room may import which, who alone may touch a library or a file, and that no file
// is too long, in a cycle or forgotten. It reads import statements; it knows nothing of what the code does.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a room may import besides itself. A file directly in `src` is a room of its own, named after the file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  util: [],
  observe: ['util'],
  scim: ['util', 'observe'],
  counters: ['util', 'observe'],
  ldap: ['util', 'observe'],
  mapping: ['util', 'observe', 'scim', 'ldap'],
  gateway: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping'],
  explain: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway'],
  check: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway', 'explain'],
  init: ['util', 'observe', 'scim', 'ldap', 'mapping', 'check'],
  auth: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway'],
  config: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway', 'auth'],
  http: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway', 'auth', 'config'],
  tenant: ['util', 'observe', 'scim', 'ldap', 'counters', 'mapping', 'gateway', 'auth', 'config', 'http'],
  'server.ts': ['util', 'observe', 'config', 'http', 'tenant'],
  'index.ts': [
    'util',
    'observe',
    'scim',
    'ldap',
    'counters',
    'mapping',
    'gateway',
    'auth',
    'config',
    'http',
    'tenant',
    'server.ts',
  ],
  cli: [
    'util',
    'observe',
    'scim',
    'ldap',
    'counters',
    'mapping',
    'gateway',
    'explain',
    'check',
    'init',
    'auth',
    'config',
    'http',
    'tenant',
    'server.ts',
  ],
};

/** Parts of a room that are closed to the rooms above it. */
const closed: readonly { readonly from: readonly string[]; readonly to: readonly string[]; readonly why: string }[] = [
  {
    from: ['src/mapping/'],
    to: ['src/ldap/client/', 'src/ldap/protocol/', 'src/ldap/embedded/'],
    why: 'planning is pure: the mapping never talks to a directory',
  },
  {
    from: ['src/gateway/'],
    to: ['src/ldap/client/', 'src/ldap/protocol/', 'src/ldap/embedded/'],
    why: 'the gateway sees the directory through DirectoryPort alone',
  },
  {
    from: ['src/explain/', 'src/check/', 'src/init/'],
    to: ['src/ldap/client/', 'src/ldap/protocol/', 'src/ldap/embedded/'],
    why: 'what explains, checks or drafts is given its directory, or imagines one',
  },
  {
    from: ['src/http/'],
    to: ['src/ldap/client/', 'src/ldap/protocol/', 'src/ldap/embedded/'],
    why: 'an endpoint hands a request to the gateway',
  },
  {
    from: ['src/ldap/client/'],
    to: ['src/ldap/embedded/'],
    why: 'the client must not know which directory answers',
  },
];

/** Packages and parts of Node that belong to one place. */
const owned: readonly { readonly module: RegExp; readonly by: readonly string[] }[] = [
  // What the protocol is measured and tested against.
  { module: /^ldapts$/, by: [] },
  { module: /^(koa|@koa\/router|raw-body)$/, by: ['src/http/'] },
  { module: /^@redis\/client$/, by: ['src/counters/'] },
  { module: /^(pino|prom-client)$/, by: ['src/observe/'] },
  { module: /^jose$/, by: ['src/auth/'] },
  { module: /^ajv(\/|$)/, by: ['src/util/', 'src/mapping/file/', 'src/config/'] },
  { module: /^yaml$/, by: ['src/util/', 'src/config/', 'src/cli/'] },
  { module: /^node:fs(\/promises)?$/, by: ['src/config/', 'src/mapping/file/', 'src/cli/'] },
  { module: /^node:https?$/, by: ['src/http/'] },
  { module: /^node:cluster$/, by: ['src/cli/'] },
  { module: /^node:tls$/, by: ['src/ldap/client/', 'src/http/'] },
];

/** `process.env` is read where configuration is. */
const environmentReaders = ['src/config/', 'src/mapping/file/'];

/** Files over the limit, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  'src/ldap/embedded/sample-names.ts': 'data: names of sample people',
};
const lineLimit = 300;

/** Files that something other than an import starts. */
const entryPoints = ['src/index.ts', 'src/cli/main.ts'];

interface Import {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** A file below the root, or the name of a package or of a part of Node. */
  readonly target: string;
  readonly isLocal: boolean;
  readonly isTypeOnly: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const statement =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?:[^'";]*?\sfrom\s+)?'(?<static>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'\s*\)/gm;

function parseImports(path: string, text: string): readonly Import[] {
  return [...text.matchAll(statement)].map((match) => {
    const name = match.groups?.['static'] ?? match.groups?.['dynamic'] ?? '';
    const isLocal = name.startsWith('.');
    const start = match.index + (match[0].length - match[0].trimStart().length);
    return {
      file: path,
      line: text.slice(0, start).split('\n').length,
      text: match[0].trim().replaceAll(/\s+/g, ' '),
      target: isLocal ? join(dirname(path), name) : name,
      isLocal,
      isTypeOnly: match.groups?.['type'] !== undefined,
    };
  });
}

function readSources(): readonly SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: parseImports(path, text) };
    });
}

/** `src/scim/filter/parse.ts` -> `scim`; `src/server.ts` -> `server.ts`. */
function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function startsWithAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder));
}

function place(found: Import, why: string): string {
  return `${found.file}:${found.line}  ${found.text}\n    ${why}`;
}

function assertNone(problems: readonly string[]): void {
  assert.equal(problems.length, 0, `\n${problems.join('\n')}`);
}

describe('architecture', () => {
  const sources = readSources();
  const imports = sources.flatMap((source) => source.imports);
  const local = imports.filter((found) => found.isLocal);

  it('finds every form of import', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n  C,\n} from '../scim/b.ts';",
      "import 'node:fs';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      "const text = 'import nothing';",
    ].join('\n');
    assert.deepEqual(
      parseImports('src/ldap/x.ts', text).map(({ line, target, isTypeOnly }) => [line, target, isTypeOnly]),
      [
        [1, 'src/ldap/a.ts', false],
        [2, 'src/scim/b.ts', true],
        [6, 'node:fs', false],
        [7, 'src/ldap/d.ts', false],
        [8, 'src/ldap/e.ts', false],
      ],
    );
  });

  it('imports one way between rooms', () => {
    assertNone(
      local.flatMap((found) => {
        const [from, to] = [roomOf(found.file), roomOf(found.target)];
        if (from === to) return [];
        const allowed = mayImport[from];
        if (allowed === undefined) return [place(found, `the room ${from} is not in the table`)];
        return allowed.includes(to) ? [] : [place(found, `${from} may import ${allowed.join(', ') || 'nothing'}`)];
      }),
    );
  });

  it('leaves closed parts alone', () => {
    assertNone(
      local.flatMap((found) =>
        closed
          .filter(({ from, to }) => startsWithAny(found.file, from) && startsWithAny(found.target, to))
          .map(({ why }) => place(found, why)),
      ),
    );
  });

  it('names each library in the place that owns it', () => {
    assertNone(
      imports.flatMap((found) =>
        owned
          .filter(({ module, by }) => module.test(found.target) && !startsWithAny(found.file, by))
          .map(({ by }) => place(found, `only ${by.join(', ')} may`)),
      ),
    );
  });

  it('imports files that exist, the parts of Node with node:, and declared packages', () => {
    const manifest: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const packages = Object.keys(manifest.dependencies);
    assertNone(
      imports.flatMap((found) => {
        if (found.isLocal) return existsSync(join(root, found.target)) ? [] : [place(found, 'no such file')];
        if (found.target.startsWith('node:')) {
          return builtinModules.includes(found.target.slice(5)) ? [] : [place(found, 'no such part of Node')];
        }
        const isDeclared = packages.some((name) => found.target === name || found.target.startsWith(`${name}/`));
        return isDeclared ? [] : [place(found, 'not among the dependencies in package.json')];
      }),
    );
  });

  it('uses every declared package', () => {
    const manifest: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const used = imports.map((found) => found.target);
    const idle = Object.keys(manifest.dependencies).filter(
      (name) => !used.some((target) => target === name || target.startsWith(`${name}/`)),
    );
    assert.deepEqual(idle, []);
  });

  it('reads the environment where configuration is', () => {
    assertNone(
      sources.flatMap(({ path, text }) =>
        startsWithAny(path, environmentReaders)
          ? []
          : text
              .split('\n')
              .flatMap((line, index) =>
                /\bprocess\.env\b/.test(line) ? [`${path}:${index + 1}  ${line.trim()}`] : [],
              ),
      ),
    );
  });

  it('has no cycle of imports between files', () => {
    const edges = new Map(
      sources.map(({ path, imports: own }) => [
        path,
        own.filter((found) => found.isLocal && !found.isTypeOnly).map((found) => found.target),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      const seenAt = trail.indexOf(path);
      if (seenAt >= 0) cycles.push([...trail.slice(seenAt), path].join(' -> '));
      if (seenAt >= 0 || done.has(path)) return;
      for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of edges.keys()) visit(path, []);
    assertNone(cycles);
  });

  it(`keeps files under ${lineLimit} lines`, () => {
    const lengths = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    assertNone(
      lengths
        .filter(({ path, lines }) => lines > lineLimit && longFiles[path] === undefined)
        .map(({ path, lines }) => `${path}: ${lines} lines`),
    );
    const stale = Object.keys(longFiles).filter(
      (path) => !lengths.some((found) => found.path === path && found.lines > lineLimit),
    );
    assert.deepEqual(stale, [], 'these need their exception no longer');
  });

  it('reaches every file from an entry point', () => {
    const reached = new Set<string>();
    const queue = entryPoints.filter((path) => existsSync(join(root, path)));
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (reached.has(path)) continue;
      reached.add(path);
      const source = sources.find((found) => found.path === path);
      queue.push(...(source?.imports ?? []).filter((found) => found.isLocal).map((found) => found.target));
    }
    assertNone(sources.map(({ path }) => path).filter((path) => !reached.has(path)));
  });
});
