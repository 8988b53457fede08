// YAML files that operators write: parsed with the place of every key, so that each problem names file, line and
// column, and checked against a JSON Schema with messages a person can act on. Reads no files; knows no particular file.
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { didYouMean } from './did-you-mean.ts';
import type { Problem } from './problem.ts';

export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

export interface YamlDocument {
  readonly file: string;
  /** Plain data; undefined where the text is no YAML. */
  readonly value: unknown;
  /** Syntax errors and warnings. */
  readonly problems: readonly Problem[];
  /** Place of the key, or of the list element, at `path`; of its nearest ancestor in the file where it is absent. */
  readonly locate: (path: readonly string[]) => Place;
  /** Whether the file itself has something at `path`. */
  readonly has: (path: readonly string[]) => boolean;
}

/** Problem codes of one kind of file. */
export interface DocumentCodes {
  readonly syntax: string;
  readonly unknownKey: string;
  readonly missingKey: string;
  readonly wrongType: string;
  readonly wrongValue: string;
}

// Expanding an alias inside an alias inside ... makes gigabytes of a few lines.
const maxAliases = 100;

/** Parses one YAML 1.2 document. Duplicate keys, second documents and unknown tags are problems. */
export function parseYamlDocument(text: string, file: string, syntaxCode: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = (severity: 'error' | 'warning', offset: number, message: string): Problem => {
    return { code: syntaxCode, severity, ...place(offset), path: '', message };
  };
  const problems = [
    ...document.errors.map((error) => problem('error', error.pos[0], error.message)),
    ...document.warnings.map((warning) => problem('warning', warning.pos[0], warning.message)),
  ];
  let value: unknown;
  if (document.errors.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: maxAliases });
    } catch (error) {
      problems.push(problem('error', 0, error instanceof Error ? error.message : String(error)));
    }
  }
  return {
    file,
    value,
    problems,
    locate: (path) => place(findOffset(document, path).offset),
    has: (path) => findOffset(document, path).found,
  };
}

function findOffset(
  document: Document.Parsed,
  path: readonly string[],
): { readonly offset: number; readonly found: boolean } {
  let node: ParsedNode | null | undefined = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document) as ParsedNode | undefined;
    if (isMap(node)) {
      const pair: { key: ParsedNode; value: ParsedNode | null } | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === segment,
      );
      if (pair === undefined) return { offset, found: false };
      offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node)) {
      const item: ParsedNode | undefined = node.items[Number(segment)];
      if (item === undefined) return { offset, found: false };
      offset = item.range[0];
      node = item;
    } else {
      return { offset, found: false };
    }
  }
  return { offset, found: true };
}

/**
 * Compiles a JSON Schema (2020-12). `errorHint` beside any keyword is what to tell a person whose value fails there. The
 * schemas are ours: that they are JSON Schema is tested, and not looked at anew at each start, which takes a tenth of a second.
 */
export function compileFileSchema(schema: object): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    meta: false,
    validateSchema: false,
  });
  ajv.addVocabulary(['errorHint', 'markdownDescription']);
  return ajv.compile(schema);
}

/** Every place where `value` breaks the schema, as problems in the order of the file. */
export function checkFileSchema(
  validate: ValidateFunction,
  value: unknown,
  locate: (path: readonly string[]) => Place,
  codes: DocumentCodes,
): readonly Problem[] {
  if (validate(value)) return [];
  const problems = withoutAlternatives(validate.errors ?? []).map((error) => toProblem(error, locate, codes));
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/**
 * Where a value may take several forms, ajv reports the failure of each and then that none fits. Kept is what is wrong
 * with the form the person chose, told by the type of the value; the summary remains where no form has that type.
 */
function withoutAlternatives(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  for (const summary of errors) {
    if (summary.keyword !== 'anyOf' && summary.keyword !== 'oneOf') continue;
    const at = summary.instancePath;
    const parts = errors.filter(
      (error) => error !== summary && (error.instancePath === at || error.instancePath.startsWith(`${at}/`)),
    );
    const otherForm = parts.filter((error) => error.instancePath === at && error.keyword === 'type');
    const chosenForm = parts.filter((error) => !otherForm.includes(error) && !isSummary(error));
    for (const error of otherForm) dropped.add(error);
    if (chosenForm.length > 0) dropped.add(summary);
  }
  return errors.filter((error) => !dropped.has(error) && error.keyword !== 'if' && error.keyword !== 'propertyNames');
}

function isSummary(error: ErrorObject): boolean {
  return error.keyword === 'anyOf' || error.keyword === 'oneOf';
}

function toProblem(error: ErrorObject, locate: (path: readonly string[]) => Place, codes: DocumentCodes): Problem {
  const at = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = unknownKey(error) ?? error.propertyName;
  const path = key === undefined ? at : [...at, key];
  const { code, message, hint } = describe(error, codes);
  const shownHint = hint ?? hintOf(error);
  return {
    code,
    severity: 'error',
    ...locate(path),
    path: path.join('.'),
    message,
    ...(shownHint === undefined ? {} : { hint: shownHint }),
  };
}

interface Description {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

function describe(error: ErrorObject, codes: DocumentCodes): Description {
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const known = Object.keys(record(error.parentSchema?.['properties']));
      const hint = didYouMean(unknownKey(error) ?? '', known) ?? `known keys: ${known.join(', ')}`;
      return { code: codes.unknownKey, message: 'unknown key', ...(known.length === 0 ? {} : { hint }) };
    }
    case 'required':
      return { code: codes.missingKey, message: `"${String(params['missingProperty'])}" is missing` };
    case 'type':
      return { code: codes.wrongType, message: `must be ${typeNames(params['type'])}, not ${nameOf(error.data)}` };
    case 'anyOf':
    case 'oneOf':
      return params['passingSchemas'] === undefined || params['passingSchemas'] === null
        ? { code: codes.wrongType, message: `must not be ${nameOf(error.data)} here` }
        : { code: codes.wrongValue, message: 'fits more than one of the forms that exclude one another' };
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const hint = typeof error.data === 'string' ? didYouMean(error.data, allowed) : undefined;
      return { code: codes.wrongValue, message: `must be one of ${allowed.join(', ')}`, hint };
    }
    case 'const':
      return { code: codes.wrongValue, message: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'pattern':
      return { code: codes.wrongValue, message: 'is not of the form that is expected here' };
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return {
        code: codes.wrongValue,
        message: params['limit'] === 1 ? 'must not be empty' : (error.message ?? 'is too short'),
      };
    default:
      return { code: codes.wrongValue, message: error.message ?? 'is not allowed' };
  }
}

function unknownKey(error: ErrorObject): string | undefined {
  const params: Readonly<Record<string, unknown>> = error.params;
  const key = params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof key === 'string' ? key : undefined;
}

function hintOf(error: ErrorObject): string | undefined {
  const schema = record(error.parentSchema);
  if (typeof schema['errorHint'] === 'string') return schema['errorHint'];
  const examples = schema['examples'];
  if (error.keyword === 'required' || !Array.isArray(examples) || examples.length === 0) return undefined;
  return `for example ${JSON.stringify(examples[0])}`;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a block of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

function typeNames(type: unknown): string {
  return [type]
    .flat()
    .map((name) => typeWords[String(name)] ?? String(name))
    .join(' or ');
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeWords[typeof value] ?? typeof value;
}
