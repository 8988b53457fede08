// Transforms with their options, and value maps: what each transform itself says of them.
import type { ValidateFunction } from 'ajv';
import type { JsonValue } from '../../scim/json.ts';
import type { Problem } from '../../util/problem.ts';
import { checkFileSchema, compileFileSchema, type DocumentCodes, type Place } from '../../util/yaml-document.ts';
import { transformFactories } from '../transforms/registry.ts';
import type { TransformFactory } from '../transforms/transform.ts';
import { createValuesTransform } from '../transforms/values.ts';
import { isBlock } from './merge-layers.ts';
import { fileProblems } from './problem-codes.ts';

type Locate = (path: readonly string[]) => Place;
type Block = Readonly<Record<string, unknown>>;

const optionSchemas = new Map<string, ValidateFunction>();

/** Problems of one attribute mapping at `path`; names of unknown transforms are left to the JSON Schema. */
export function checkConversion(
  definition: Block,
  path: readonly string[],
  locate: Locate,
  codes: DocumentCodes,
): readonly Problem[] {
  const { transform, values } = definition;
  const problems: Problem[] = [];
  const factory = typeof transform === 'string' ? transformFactories.get(transform) : undefined;
  if (factory !== undefined) problems.push(...checkOptions(factory, definition, path, locate, codes));
  if (isBlock(values)) {
    const texts = Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    const at = [...path, 'values'];
    problems.push(...refusal(() => createValuesTransform({ values: Object.fromEntries(texts) }), at, locate));
  }
  return problems;
}

function checkOptions(
  factory: TransformFactory,
  definition: Block,
  path: readonly string[],
  locate: Locate,
  codes: DocumentCodes,
): readonly Problem[] {
  const given = Object.hasOwn(definition, 'options');
  const options = given ? definition['options'] : {};
  if (!isBlock(options)) return [];
  const at = given ? [...path, 'options'] : [...path, 'transform'];
  const found = checkFileSchema(schemaOf(factory), options, (inside) => locate([...at, ...inside]), codes);
  if (found.length === 0)
    return refusal(() => factory.create(options as Readonly<Record<string, JsonValue>>), at, locate);
  return found.map((problem) => ({ ...problem, path: [...at, problem.path].filter((part) => part !== '').join('.') }));
}

function refusal(create: () => unknown, path: readonly string[], locate: Locate): readonly Problem[] {
  try {
    create();
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ code: fileProblems.badOptions.code, severity: 'error', ...locate(path), path: path.join('.'), message }];
  }
}

function schemaOf(factory: TransformFactory): ValidateFunction {
  const known = optionSchemas.get(factory.name);
  if (known !== undefined) return known;
  const validate = compileFileSchema(factory.options);
  optionSchemas.set(factory.name, validate);
  return validate;
}
