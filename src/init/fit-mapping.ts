// Makes a drafted mapping fit: it is checked like any other, and what the directory cannot hold is taken out, until
// nothing is wrong that taking out can mend.
import { checkMapping } from '../check/check-mapping.ts';
import { checkSchema } from '../check/check-schema.ts';
import { directoryProblems } from '../check/problem-codes.ts';
import { reportTo } from '../check/report.ts';
import type { CompileOptions } from '../mapping/compile-scope.ts';
import { loadMappingText } from '../mapping/file/load-mapping.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Problem } from '../util/problem.ts';
import { type Dropped, draftMapping } from './draft.ts';
import type { Recognised } from './recognised.ts';
import type { Survey } from './survey.ts';

export interface FittedMapping {
  readonly text: string;
  readonly dropped: Dropped;
  /** What is still wrong. */
  readonly open: readonly Problem[];
  readonly mapping?: CompiledMapping;
}

/** Taking one out may show another one. */
const ROUNDS = 8;

/** `file` is where the text will be, `schema` its JSON Schema for editors. */
export async function fitMapping(
  recognised: Recognised,
  survey: Pick<Survey, 'dialect' | 'subschema'>,
  place: { readonly file: string; readonly schema: string; readonly plaintext: boolean },
): Promise<FittedMapping> {
  const dropped = new Map<string, Map<string, string>>();
  const { matchEntryDn, backLinks } = survey.dialect.capabilities;
  const options: CompileOptions = {
    subschema: survey.subschema,
    live: true,
    matchEntryDn,
    backLinks,
    plaintext: place.plaintext,
  };
  for (let round = 1; ; round += 1) {
    const text = draftMapping(recognised, dropped, place.schema);
    const { problems, compiled } = checkMapping(await loadMappingText(text, place.file), options);
    const more: Problem[] = [];
    if (compiled !== undefined)
      checkSchema(compiled.mapping, survey.dialect, reportTo(more, compiled.loaded.source, directoryProblems));
    const errors = [...problems, ...more].filter(({ severity }) => severity === 'error');
    const took = round < ROUNDS && errors.map((problem) => takeOut(problem, dropped)).some((done) => done);
    if (took) continue;
    return { text, dropped, open: errors, ...(compiled === undefined ? {} : { mapping: compiled.mapping }) };
  }
}

/** Whether the problem was of a key that can be done without. */
function takeOut({ path, message }: Problem, dropped: Map<string, Map<string, string>>): boolean {
  const found = /^resourceTypes\.([^.]+)\.attributes\.(.+)$/.exec(path);
  const [, type = '', rest = ''] = found ?? [];
  // What follows the key names a part of it; keys hold dots themselves.
  const key = rest.replace(/\.(?:attribute|write|transform|options|values|by|with\..*|backlink.*)$/, '');
  if (found === null || key === 'id' || key === 'userName') return false;
  const keys = dropped.get(type) ?? new Map<string, string>();
  if (keys.has(key)) return false;
  dropped.set(type, keys.set(key, message));
  return true;
}
