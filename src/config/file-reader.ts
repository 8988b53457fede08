// Reading what a gateway file points to: secrets and PEM files. Collects problems instead of throwing, and never lets a
// value that it read into one of them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../util/problem.ts';
import type { YamlDocument } from '../util/yaml-document.ts';
import { gatewayProblems, type ProblemKind } from './problem-codes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FileReader {
  report(kind: ProblemKind, severity: 'error' | 'warning', at: readonly string[], message: string, hint?: string): void;
  readonly problems: readonly Problem[];
  /** Where in the gateway file a key is, for what is found out later. */
  locate(at: readonly string[]): Pick<Problem, 'file' | 'line' | 'column' | 'path'>;
  /** A reader for a block of the file: what it reports is told to be there. */
  within(block: readonly string[]): FileReader;
  /** Folder of the gateway file, absolute: relative paths in it start there. */
  readonly folder: string;
  /** Text of the file that `at` names; undefined, with a problem, where it cannot be read or is empty. `actual` is its path where that is not simply `name`. */
  readText(at: readonly string[], name: string, actual?: string): string | undefined;
  /** The one secret of a block with keys such as `password`, `passwordFile`, `passwordEnv`, and the key it came by. */
  readSecret<Key extends string>(
    at: readonly string[],
    block: Readonly<Partial<Record<NoInfer<Key>, string>>>,
    keys: Readonly<Record<Key, SecretSource>>,
  ): { readonly key: Key; readonly value: string } | undefined;
}

/** What the value of such a key is: the secret itself, the file or the environment variable that holds it. */
export type SecretSource = 'literal' | 'file' | 'environment';

export function createFileReader(
  document: YamlDocument,
  env: Environment,
  block: readonly string[] = [],
  problems: Problem[] = [],
): FileReader {
  const folder = path.dirname(path.resolve(document.file));
  const reader: FileReader = {
    problems,
    folder,
    locate: (at) => ({ ...document.locate([...block, ...at]), path: [...block, ...at].join('.') }),
    within: (inner) => createFileReader(document, env, [...block, ...inner], problems),
    report(kind, severity, within, message, hint) {
      const { code } = gatewayProblems[kind];
      const at = [...block, ...within];
      const place = document.locate(at);
      problems.push({ code, severity, ...place, path: at.join('.'), message, ...(hint === undefined ? {} : { hint }) });
    },
    readText(at, name, actual = path.resolve(folder, name)) {
      try {
        const text = readFileSync(actual, 'utf8');
        if (text.trim() !== '') return text;
        reader.report('unreadableReference', 'error', at, `${name} is empty`);
      } catch (error) {
        reader.report('unreadableReference', 'error', at, `${name} cannot be read: ${reasonOf(error)}`);
      }
      return undefined;
    },
    readSecret<Key extends string>(
      at: readonly string[],
      block: Readonly<Partial<Record<NoInfer<Key>, string>>>,
      keys: Readonly<Record<Key, SecretSource>>,
    ) {
      const known = Object.keys(keys) as Key[];
      const [key, ...others] = known.filter((name) => block[name] !== undefined);
      if (key === undefined || others.length > 0) {
        const found = key === undefined ? 'none' : [key, ...others].join(' and ');
        reader.report('ambiguousSecret', 'error', at, `exactly one of ${known.join(', ')} is needed, found ${found}`);
        return undefined;
      }
      const value = readSource(reader, env, [...at, key], keys[key], block[key] ?? '');
      return value === undefined ? undefined : { key, value };
    },
  };
  return reader;
}

function readSource(
  reader: FileReader,
  env: Environment,
  at: readonly string[],
  source: SecretSource,
  name: string,
): string | undefined {
  switch (source) {
    case 'literal':
      return name;
    case 'file':
      // Editors and `echo` end a file with a newline that is no part of the secret.
      return reader.readText(at, name)?.replace(/\r?\n$/, '');
    case 'environment': {
      const value = env[name];
      if (value !== undefined && value !== '') return value;
      reader.report('unsetVariable', 'error', at, `the environment variable ${name} is not set or empty`);
      return undefined;
    }
  }
}

/** `ENOENT` and the like in words; the path is told by the caller. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (code === '' ? String(error) : code);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};
