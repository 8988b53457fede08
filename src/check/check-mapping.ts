// A mapping file against a schema: all problems that can be known of the two, in the order of the file, each told once.
import { compileMapping } from '../mapping/compile-mapping.ts';
import type { CompileOptions } from '../mapping/compile-scope.ts';
import type { LoadedMapping, LoadMappingResult } from '../mapping/file/mapping-file.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Problem } from '../util/problem.ts';

export interface CheckedMapping {
  readonly problems: readonly Problem[];
  /** Where nothing is wrong that keeps it from working. */
  readonly compiled?: { readonly mapping: CompiledMapping; readonly loaded: LoadedMapping };
}

export function checkMapping(loading: LoadMappingResult, options: CompileOptions): CheckedMapping {
  const { problems: own } = loading;
  const loaded = loading.mapping ?? ('draft' in loading ? loading.draft : undefined);
  if (loaded === undefined) return { problems: own };
  const compiled = compileMapping(loaded, options);
  // One mistake, one problem: what the file's own checks told of a key is not told again.
  const told = new Set(own.map(({ path }) => path));
  const problems = [...own, ...compiled.problems.filter(({ path }) => !told.has(path))];
  if (compiled.mapping === undefined || loading.mapping === undefined) return { problems };
  return { problems, compiled: { mapping: compiled.mapping, loaded } };
}
