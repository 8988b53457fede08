// Reads mapping files: the file itself and those that it extends, variables put in, everything checked that can be checked
// without knowing SCIM schemas or the directory. All problems are found at once, each with its place. Nothing is compiled
// here, and nothing but this room reads mapping files.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import type { Problem } from '../../util/problem.ts';
import { checkFileSchema, compileFileSchema, type Place, type YamlDocument } from '../../util/yaml-document.ts';
import { checkCombinations } from './check-combinations.ts';
import { checkConversion } from './check-conversions.ts';
import type { LoadMappingResult, MappingFile } from './mapping-file.ts';
import { isBlock, mergeLayers } from './merge-layers.ts';
import { fileProblems } from './problem-codes.ts';
import { type ReadText, readLayers } from './read-layers.ts';
import { type Report, resolveVariables, substituteVariables } from './substitute-variables.ts';

export interface LoadMappingOptions {
  /** Win over those of the files. */
  readonly variables?: Readonly<Record<string, string>>;
}

const documentCodes = {
  syntax: fileProblems.syntax.code,
  unknownKey: fileProblems.unknownKey.code,
  missingKey: fileProblems.missingKey.code,
  wrongType: fileProblems.wrongType.code,
  wrongValue: fileProblems.wrongValue.code,
};

/** After these the data need not have the shape of a `MappingFile`. */
const misshapen = new Set<string>([documentCodes.missingKey, documentCodes.wrongType, documentCodes.wrongValue]);

/** Loads a mapping file and what it extends; never rejects for what is in, or wrong with, the files. */
export async function loadMapping(file: string, options: LoadMappingOptions = {}): Promise<LoadMappingResult> {
  return load(file, (path) => readFile(path, 'utf8'), options);
}

/** As `loadMapping`, with the text of the file at hand; what it extends is read relative to `file`. */
export async function loadMappingText(
  text: string,
  file: string,
  options: LoadMappingOptions = {},
): Promise<LoadMappingResult> {
  let first = true;
  const read: ReadText = async (path) => {
    if (!first) return readFile(path, 'utf8');
    first = false;
    return text;
  };
  return load(file, read, options);
}

async function load(file: string, read: ReadText, options: LoadMappingOptions): Promise<LoadMappingResult> {
  const { documents, problems: readProblems } = await readLayers(file, read);
  // What a broken file says is not known: checking the rest of it would blame the wrong places.
  if (readProblems.some((problem) => problem.severity === 'error')) {
    return { mapping: undefined, problems: inOrder(readProblems, documents) };
  }
  const locate = locateIn(documents, file);
  const problems = [...readProblems];
  const report: Report = (kind, path, message, hint) => {
    const place = { ...locate(path), path: path.join('.') };
    problems.push({ code: kind.code, severity: 'error', ...place, message, ...(hint === undefined ? {} : { hint }) });
  };

  const merged = withoutExtends(documents, problems);
  if (!isBlock(merged)) {
    report(fileProblems.wrongType, [], 'a mapping file is a block of keys');
    return { mapping: undefined, problems: inOrder(problems, documents) };
  }
  const variables = resolveVariables(merged, options.variables ?? {}, report);
  const mapping = substituteVariables(merged, variables, report);
  // The variables as the files have them: the resolved ones are text in any case.
  problems.push(
    ...checkFileSchema(mappingSchema(), { ...mapping, ...pick(merged, 'variables') }, locate, documentCodes),
  );
  problems.push(...checkConversions(mapping, locate));
  checkCombinations(mapping, report);
  const sorted = inOrder(withoutConsequences(problems), documents);
  // The JSON Schema describes the shape of the type, and the file has passed it, or has keys too many at most.
  const loaded = { file: mapping as unknown as MappingFile, source: { locate } };
  const errors = sorted.filter((problem) => problem.severity === 'error');
  if (errors.length === 0) return { mapping: loaded, problems: sorted };
  if (errors.some(({ code }) => misshapen.has(code))) return { mapping: undefined, problems: sorted };
  const draft = { ...loaded, file: withoutMisnamed(mapping, errors) as unknown as MappingFile };
  return { mapping: undefined, draft, problems: sorted };
}

/** What stands under a name of the wrong form, such as that of a resource type, was held against nothing. */
function withoutMisnamed(
  mapping: Readonly<Record<string, unknown>>,
  errors: readonly Problem[],
): Readonly<Record<string, unknown>> {
  const unknown = new Set(errors.filter(({ code }) => code === documentCodes.unknownKey).map(({ path }) => path));
  const known = ([key, block]: readonly [string, unknown]): readonly [string, unknown] => {
    if (!isBlock(block)) return [key, block];
    return [key, Object.fromEntries(Object.entries(block).filter(([name]) => !unknown.has(`${key}.${name}`)))];
  };
  return Object.fromEntries(Object.entries(mapping).map(known));
}

/** The last file that has the path tells its place; else the last one that has the most of it. */
function locateIn(documents: readonly YamlDocument[], file: string): (path: readonly string[]) => Place {
  const lastFirst = documents.toReversed();
  return (path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const document = lastFirst.find((each) => each.has(path.slice(0, length)));
      if (document !== undefined) return document.locate(path.slice(0, length));
    }
    return { file, line: 1, column: 1 };
  };
}

function withoutExtends(documents: readonly YamlDocument[], problems: Problem[]): unknown {
  const layers = documents.map((document) => {
    const root = document.value ?? {};
    if (!isBlock(root) || !Object.hasOwn(root, 'extends')) return root;
    const { extends: named, ...rest } = root;
    const wrong = checkFileSchema(extendsSchema(), { extends: named }, document.locate, documentCodes);
    problems.push(...wrong);
    return rest;
  });
  return mergeLayers(layers);
}

function checkConversions(
  mapping: Readonly<Record<string, unknown>>,
  locate: (path: readonly string[]) => Place,
): readonly Problem[] {
  const types = isBlock(mapping['resourceTypes']) ? Object.entries(mapping['resourceTypes']) : [];
  return types.flatMap(([typeName, type]) => {
    const attributes = isBlock(type) && isBlock(type['attributes']) ? Object.entries(type['attributes']) : [];
    return attributes.flatMap(([name, definition]) => {
      const path = ['resourceTypes', typeName, 'attributes', name];
      if (!isBlock(definition)) return [];
      const sources = [definition['backlink']].flat().entries();
      return [
        ...checkConversion(definition, path, locate, documentCodes),
        ...[...sources].flatMap(([index, source]) =>
          isBlock(source) ? checkConversion(source, [...path, 'backlink', String(index)], locate, documentCodes) : [],
        ),
      ];
    });
  });
}

/** A misspelt key leaves its attribute without a source: one mistake, one problem. */
function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const misspelt = problems.filter((problem) => problem.code === fileProblems.unknownKey.code);
  return problems.filter(
    ({ code, path }) => code !== fileProblems.noSource.code || !misspelt.some((key) => key.path.startsWith(`${path}.`)),
  );
}

/** Root file first, each from top to bottom. */
function inOrder(problems: readonly Problem[], documents: readonly YamlDocument[]): readonly Problem[] {
  const rank = new Map(documents.toReversed().map((document, index) => [document.file, index]));
  const last = documents.length;
  return problems.toSorted(
    (a, b) =>
      (rank.get(a.file) ?? last) - (rank.get(b.file) ?? last) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function pick(block: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.hasOwn(block, key) ? { [key]: block[key] } : {};
}

const schemaFile = new URL('../../../mappings/mapping.schema.json', import.meta.url);
const compiled = new Map<string, ValidateFunction>();

function memoized(key: string, schema: () => object): ValidateFunction {
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const validate = compileFileSchema(schema());
  compiled.set(key, validate);
  return validate;
}

function readSchema(): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(schemaFile, 'utf8')) as Readonly<Record<string, unknown>>;
}

function mappingSchema(): ValidateFunction {
  return memoized('mapping', readSchema);
}

function extendsSchema(): ValidateFunction {
  return memoized('extends', () => {
    const { properties } = readSchema() as { properties: Readonly<Record<string, object>> };
    return { type: 'object', properties: { extends: properties['extends'] } };
  });
}
