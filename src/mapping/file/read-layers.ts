// A mapping file and all that it extends, in the order in which they are laid over one another.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../util/problem.ts';
import { parseYamlDocument, type YamlDocument } from '../../util/yaml-document.ts';
import { fileProblems } from './problem-codes.ts';

/** Gives the text of a file; rejects where it cannot be read. */
export type ReadText = (file: string) => Promise<string>;

export interface Layers {
  /** Later ones win; the file itself is the last. Empty where nothing could be read. */
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/** A file under two names: as the user said it, for messages, and where it is. */
interface FileName {
  readonly shown: string;
  readonly actual: string;
}

const shippedPrefix = 'scim-ldap/';
const shippedFolder = fileURLToPath(new URL('../../../mappings/', import.meta.url));

/** Where a mapping is: `scim-ldap/...` means one of those that ship, any other path starts at `folder`. */
export function resolveMappingPath(name: string, folder: string): string {
  return name.startsWith(shippedPrefix)
    ? path.join(shippedFolder, name.slice(shippedPrefix.length))
    : path.resolve(folder, name);
}

/** Reads the file and what it extends, depth first. */
export async function readLayers(file: string, read: ReadText): Promise<Layers> {
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];

  async function add(name: FileName, above: readonly string[], unreadable: (reason: string) => Problem): Promise<void> {
    let text: string;
    try {
      text = await read(name.actual);
    } catch (error) {
      problems.push(unreadable(reasonOf(error)));
      return;
    }
    const document = parseYamlDocument(text, name.shown, fileProblems.syntax.code);
    // A tag that YAML does not know is only a warning to the parser; here the value would be something else than meant.
    problems.push(...document.problems.map((problem) => ({ ...problem, severity: 'error' as const })));
    const place = (key: readonly string[]) => ({ ...document.locate(key), path: key.join('.') });
    for (const { base, key } of basesOf(document)) {
      const baseName = besides(name, base);
      if ([...above, name.actual].includes(baseName.actual)) {
        problems.push({
          code: fileProblems.extendsCycle.code,
          severity: 'error',
          ...place(key),
          message: `${baseName.shown} is extended by itself`,
        });
        continue;
      }
      // One after the other: the order of the list decides who wins.
      await add(baseName, [...above, name.actual], (reason) => ({
        code: fileProblems.unreadable.code,
        severity: 'error',
        ...place(key),
        message: `${baseName.shown} cannot be read: ${reason}`,
      }));
    }
    documents.push(document);
  }

  await add({ shown: file, actual: resolveMappingPath(file, '.') }, [], (reason) => ({
    code: fileProblems.unreadable.code,
    severity: 'error',
    file,
    path: '',
    message: `cannot be read: ${reason}`,
  }));
  return { documents, problems };
}

function besides(file: FileName, base: string): FileName {
  const shipped = base.startsWith(shippedPrefix);
  return {
    shown: shipped || path.isAbsolute(base) ? base : path.join(path.dirname(file.shown), base),
    actual: resolveMappingPath(base, path.dirname(file.actual)),
  };
}

/** What `extends` names; whatever else stands there is left to the check of the whole. */
function basesOf(document: YamlDocument): { readonly base: string; readonly key: readonly string[] }[] {
  const root = document.value;
  const named = typeof root === 'object' && root !== null && 'extends' in root ? root.extends : undefined;
  if (typeof named === 'string') return [{ base: named, key: ['extends'] }];
  if (!Array.isArray(named)) return [];
  return named.flatMap((base: unknown, index) =>
    typeof base === 'string' ? [{ base, key: ['extends', String(index)] }] : [],
  );
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}
