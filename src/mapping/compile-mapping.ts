// Mapping file -> compiled mapping. Everything that can be wrong is found here, all at once and with its place in the
// file; after this a request meets only what the mapping can do.

import { checkSchema } from '../scim/schema/check-schema.ts';
import type { AttributeShorthand } from '../scim/schema/define-attribute.ts';
import { defineSchema } from '../scim/schema/define-attribute.ts';
import type { ResourceType, Schema } from '../scim/schema/schema.ts';
import { standardSchemas } from '../scim/schema/standard-schemas.ts';
import type { Problem } from '../util/problem.ts';
import { compileResourceType } from './compile-resource-type.ts';
import type { CompileOptions, CompileScope, Report } from './compile-scope.ts';
import type { LoadedMapping, ResourceTypeDefinition } from './file/mapping-file.ts';
import type { CompiledMapping, ResourceMapping } from './mapping.ts';

export type CompileResult =
  | { readonly mapping: CompiledMapping; readonly problems: readonly Problem[] }
  | { readonly mapping: undefined; readonly problems: readonly Problem[] };

/** Problems of severity error leave no mapping. */
export function compileMapping(loaded: LoadedMapping, options: CompileOptions): CompileResult {
  const problems: Problem[] = [];
  const report: Report = (code, path, message, hint, severity = 'error') => {
    const place = loaded.source.locate(path);
    problems.push({ code, severity, ...place, path: path.join('.'), message, ...(hint === undefined ? {} : { hint }) });
  };
  const schemas = ownSchemas(loaded, report);
  const types = new Map<string, ResourceType>();
  for (const [name, definition] of Object.entries(loaded.file.resourceTypes)) {
    const type = resourceTypeOf(name, definition, schemas, report);
    if (type !== undefined) types.set(name, type);
  }
  checkEndpoints(types, report);
  const scope: CompileScope = { loaded, options, report, types };
  const resourceTypes = [...types.values()].flatMap((type): ResourceMapping[] => {
    const compiled = compileResourceType(type, scope);
    return compiled === undefined ? [] : [compiled];
  });
  const sorted = inFileOrder(problems);
  if (sorted.some((problem) => problem.severity === 'error')) return { mapping: undefined, problems: sorted };
  const used = resourceTypes.flatMap(({ type }) => [type.schema, ...type.extensions.map(({ schema }) => schema)]);
  const name = loaded.file.name ?? 'mapping';
  return {
    mapping: { name, resourceTypes, schemas: mergeSchemas(used), subschema: options.subschema },
    problems: sorted,
  };
}

/** Types may share a schema and map different parts of it: each once, with what any of them has. */
function mergeSchemas(schemas: readonly Schema[]): readonly Schema[] {
  const merged = new Map<string, Schema>();
  for (const schema of schemas) {
    const { attributes = [] } = merged.get(schema.id) ?? {};
    const known = new Set(attributes.map(({ name }) => name));
    const more = schema.attributes.filter(({ name }) => !known.has(name));
    merged.set(schema.id, { ...schema, attributes: [...attributes, ...more] });
  }
  return [...merged.values()];
}

function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function ownSchemas(loaded: LoadedMapping, report: Report): ReadonlyMap<string, Schema> {
  const schemas = new Map(standardSchemas);
  for (const [urn, definition] of Object.entries(loaded.file.schemas ?? {})) {
    for (const { path, message } of checkSchema(urn, definition.attributes)) {
      report('MAP116', ['schemas', urn, ...path.map(String)], message);
    }
    // `load-mapping` has checked the shape, types included.
    const attributes = definition.attributes as readonly AttributeShorthand[];
    schemas.set(urn, defineSchema(urn, definition.name ?? urn, definition.description ?? '', attributes));
  }
  return schemas;
}

function resourceTypeOf(
  name: string,
  definition: ResourceTypeDefinition,
  schemas: ReadonlyMap<string, Schema>,
  report: Report,
): ResourceType | undefined {
  const path = ['resourceTypes', name];
  const schema = schemas.get(definition.schema);
  if (schema === undefined) {
    report(
      'MAP101',
      [...path, 'schema'],
      `no schema ${definition.schema}`,
      'name a schema of RFC 7643 or define it below "schemas"',
    );
    return undefined;
  }
  const extensions = (definition.extensions ?? []).flatMap((entry, index) => {
    const { schema: urn, required = false } = typeof entry === 'string' ? { schema: entry } : entry;
    const extension = schemas.get(urn);
    if (extension !== undefined) return [{ schema: extension, required }];
    report(
      'MAP101',
      [...path, 'extensions', String(index)],
      `no schema ${urn}`,
      'name a schema of RFC 7643 or define it below "schemas"',
    );
    return [];
  });
  return {
    name,
    description: definition.description ?? schema.description,
    endpoint: definition.endpoint,
    schema,
    extensions,
  };
}

function checkEndpoints(types: ReadonlyMap<string, ResourceType>, report: Report): void {
  const owners = new Map<string, string>();
  for (const { name, endpoint } of types.values()) {
    const owner = owners.get(endpoint.toLowerCase());
    if (owner !== undefined) {
      report(
        'MAP102',
        ['resourceTypes', name, 'endpoint'],
        `${endpoint} is the endpoint of ${owner} too`,
        'give each resource type its own',
      );
    }
    owners.set(endpoint.toLowerCase(), name);
  }
}
