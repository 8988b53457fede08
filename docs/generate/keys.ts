// The keys of a file, from its JSON Schema: one section for each block, one row for each key.
import { readFileSync } from 'node:fs';
import { inlineCode, printTable } from './regions.ts';

/** What is read of JSON Schema. */
export interface KeySchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, KeySchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  /** What holds without the keys of `if`. */
  readonly else?: { readonly required?: readonly string[] };
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly patternProperties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: boolean | KeySchema;
  readonly items?: KeySchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

export interface Block {
  /** Where it stands, `resourceTypes.NAME.entry`; empty at the root. */
  readonly path: string;
  readonly schema: KeySchema;
}

export function readKeySchema(name: string): KeySchema {
  return JSON.parse(readFileSync(new URL(`../../mappings/${name}`, import.meta.url), 'utf8')) as KeySchema;
}

/** Every block of keys, outer ones first, a definition that is used twice only once. */
export function blocksOf(root: KeySchema): Block[] {
  const blocks: Block[] = [];
  const seen = new Set<KeySchema>();
  const visit = (path: string, raw: KeySchema): void => {
    const schema = resolve(raw, root);
    if (seen.has(schema)) return;
    seen.add(schema);
    if (schema.properties !== undefined) blocks.push({ path, schema });
    for (const [name, value] of Object.entries(schema.properties ?? {})) visit(join(path, name), value);
    for (const value of namedBlocks(schema)) visit(join(path, 'NAME'), value);
    if (schema.items !== undefined) visit(`${path}[]`, schema.items);
  };
  visit('', root);
  return blocks;
}

/** The section of every block. */
export function printKeys(root: KeySchema): string {
  return blocksOf(root)
    .map((block) => printBlock(block, root))
    .join('\n\n');
}

function printBlock({ path, schema }: Block, root: KeySchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, raw]) => {
    const key = resolve(raw, root);
    const required = schema.required?.includes(name) === true ? '**required**' : '';
    const unlessSplit =
      schema.else?.required?.includes(name) === true ? '**required**, here or in each tenant' : required;
    return [
      `\`${name}\``,
      typeOf(key),
      key.default === undefined ? unlessSplit : inlineCode(JSON.stringify(key.default)),
      raw.description ?? key.description ?? '',
      exampleOf(key),
    ];
  });
  const title = path === '' ? '### The file' : `### ${inlineCode(path)}`;
  const table = printTable(['key', 'type', 'default', 'what it says', 'example'], rows);
  return [title, schema.description ?? '', table].filter((part) => part !== '').join('\n\n');
}

function typeOf(key: KeySchema): string {
  if (key.enum !== undefined) return key.enum.map((value) => `\`${value}\``).join(', ');
  const names = [key.type ?? 'object'].flat().map((name) => words[name] ?? name);
  return `${names.join(' or ')}${rangeOf(key)}`;
}

const words: Readonly<Record<string, string>> = {
  object: 'block',
  array: 'list',
  string: 'text',
  integer: 'whole number',
  boolean: 'true, false',
};

function rangeOf({ minimum, exclusiveMinimum, maximum }: KeySchema): string {
  const from = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`;
  if (from === undefined) return '';
  return maximum === undefined ? `, at least ${from}` : `, ${from} to ${maximum}`;
}

function exampleOf(key: KeySchema): string {
  const [example] = key.examples ?? [];
  return example === undefined ? '' : inlineCode(flow(example));
}

/** YAML in its flow form, as a person would write it on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}: ${flow(each)}`)
      .join(', ')} }`;
  }
  const isPlain = typeof value !== 'string' || /^(?!true$|false$|null$|[\d.+-]+$)[\w./$][\w./@:$-]*$/.test(value);
  return isPlain ? String(value) : JSON.stringify(value);
}

function namedBlocks(schema: KeySchema): KeySchema[] {
  const { additionalProperties: others } = schema;
  return [...Object.values(schema.patternProperties ?? {}), ...(typeof others === 'object' ? [others] : [])];
}

/** What a `$ref` within the file stands for; any other schema is itself. */
export function resolve(schema: KeySchema, root: KeySchema): KeySchema {
  if (schema.$ref === undefined) return schema;
  const found = schema.$ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), root);
  if (found === undefined) throw new Error(`The schema has no ${schema.$ref}`);
  return found as KeySchema;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
