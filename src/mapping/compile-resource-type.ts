// One resource type: which SCIM attribute each key of `attributes` names, the schema narrowed to those, the mappers, and
// the attributes that others need to point here.

import { ScimError } from '../scim/error.ts';
import type { PatchTarget } from '../scim/patch/patch.ts';
import { parsePatchPath } from '../scim/path/parse-path.ts';
import { resolvePatchPath } from '../scim/path/resolve-path.ts';
import { attributeRefs } from '../scim/schema/attribute-refs.ts';
import { commonAttributes } from '../scim/schema/common.ts';
import { narrowSchema } from '../scim/schema/narrow.ts';
import { attributeKey, type ResourceType, type Schema, type SchemaAttribute } from '../scim/schema/schema.ts';
import { urns } from '../scim/urns.ts';
import { characteristicsOf, isReadOnlyKey, narrowed } from './characteristics.ts';
import { compileAttribute } from './compile-attribute.ts';
import { compileDeletion } from './compile-deletion.ts';
import { compileEntry } from './compile-entry.ts';
import { compileLeaf } from './compile-leaf.ts';
import { compilePlacement } from './compile-placement.ts';
import type { CompileScope, MappedKey } from './compile-scope.ts';
import { directoryName } from './directory-name.ts';
import type { AttributeMapping, AttributeMappingObject } from './file/mapping-file.ts';
import type { AttributeMapper } from './mapper.ts';
import type { ResourceMapping } from './mapping.ts';

/** Reports what cannot be mapped; undefined where the type cannot be served. */
export function compileResourceType(wide: ResourceType, scope: CompileScope): ResourceMapping | undefined {
  const definition = scope.loaded.file.resourceTypes[wide.name];
  if (definition === undefined) return undefined;
  const keys = Object.entries(definition.attributes).flatMap(([key, mapping]) => {
    const found = findKey(key, mapping, wide, scope);
    return found === undefined ? [] : [found];
  });
  const type = narrowType(wide, keys);
  const entry = compileEntry(definition.entry, type, scope);
  const id = compileId(keys, type, scope);
  const mappers = attributeRefs(type).flatMap((ref): AttributeMapper[] => {
    const own = keys.filter((each) => attributeKey(each.target.ref) === attributeKey(ref));
    if (own.length === 0) return [];
    const mapper = compileAttribute(ref, own, type, scope);
    return mapper === undefined ? [] : [mapper];
  });
  checkWrites(mappers, keys, scope);
  const byKey = new Map(mappers.map((mapper) => [attributeKey(mapper.ref), mapper]));
  const placement = entry === undefined ? undefined : compilePlacement(definition.entry, type, entry, byKey, scope);
  const deletion = compileDeletion(definition.delete, type, entry, byKey.get('active'), scope);
  if (entry === undefined || placement === undefined || deletion === undefined || id === undefined) return undefined;
  const display = displayAttributes(byKey);
  const { subschema } = scope.options;
  const version = keys.find((each) => isMeta(each, 'version'))?.mapping.attribute;
  return {
    type,
    entry,
    placement,
    deletion,
    id,
    version: version === undefined ? undefined : directoryName(version, subschema),
    versionNeeds:
      version === undefined ? [] : mappers.flatMap(({ needs }) => needs.filter((need) => need.kind === 'backlink')),
    mappers,
    keys,
    byKey,
    display,
    targetAttributes: [...new Set([id.attribute, ...display, ...keysOfOthers(wide.name, scope)])],
    sealed: new Set(),
  };
}

function findKey(
  key: string,
  mapping: AttributeMapping,
  type: ResourceType,
  scope: CompileScope,
): MappedKey | undefined {
  const path = ['resourceTypes', type.name, 'attributes', key];
  const full = key.replace(/^enterprise:/, `${urns.enterpriseUser}:`);
  try {
    const target = resolvePatchPath(parsePatchPath(full), type);
    if ('extension' in target) throw new ScimError(400, 'invalidPath', 'it is a whole extension; name its attributes');
    checkWhole(target);
    return { key, path, target, mapping: typeof mapping === 'string' ? { attribute: mapping } : mapping };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    scope.report(
      'MAP103',
      path,
      `"${key}" cannot be mapped: ${error.detail.replace(/^Path: /, '')}`,
      'write SCIM attribute paths, such as name.givenName or emails[type eq "work"].value',
    );
    return undefined;
  }
}

/** A complex attribute whole is its `value`; one without has nothing that an LDAP attribute could hold. */
function checkWhole({ ref, subAttribute }: PatchTarget): void {
  if (ref.attribute.type !== 'complex' || subAttribute !== undefined) return;
  if (ref.attribute.subAttributes?.some(({ name }) => name === 'value') === true) return;
  throw new ScimError(400, 'invalidPath', 'it is complex; name its sub-attributes');
}

/** Keeps what is mapped; parts that a mapper adds by itself (`$ref`, `display`, `type`, `primary`) are kept with it. */
function narrowType(type: ResourceType, keys: readonly MappedKey[]): ResourceType {
  const narrow = (schema: Schema): Schema =>
    narrowSchema(schema, (path) => {
      const [name, sub] = path.split('.') as [string, string | undefined];
      const own = keys.filter(({ target }) => target.ref.urn === schema.id && target.ref.attribute.name === name);
      return own.length === 0 ? undefined : characteristicsOf(own, sub);
    });
  const schema = narrow(type.schema);
  return {
    ...type,
    schema: { ...schema, attributes: [...narrowedExternalId(keys), ...schema.attributes] },
    extensions: type.extensions
      .map((extension) => ({ ...extension, schema: narrow(extension.schema) }))
      .filter((extension) => extension.schema.attributes.length > 0),
  };
}

/** A common attribute is in no schema, unless the mapping says something else of it than RFC 7643 s3.1 does. */
function narrowedExternalId(keys: readonly MappedKey[]): SchemaAttribute[] {
  const own = keys.find(({ target }) => target.ref.attribute.name === 'externalId' && !target.ref.extension);
  const changed = own === undefined ? {} : narrowed(own.mapping);
  return own === undefined || Object.keys(changed).length === 0 ? [] : [{ ...own.target.ref.attribute, ...changed }];
}

function compileId(keys: readonly MappedKey[], type: ResourceType, scope: CompileScope) {
  const own = keys.find(({ target }) => target.ref.attribute.name === 'id' && !target.ref.extension);
  const definition = commonAttributes.find((attribute) => attribute.name === 'id');
  if (own?.mapping.attribute === undefined || definition === undefined) {
    scope.report(
      'MAP104',
      ['resourceTypes', type.name, 'attributes'],
      'id is not mapped',
      'name an attribute that never changes, such as id: entryUUID',
    );
    return undefined;
  }
  return { ...compileLeaf(definition, own, scope), singleValued: true };
}

function isMeta({ target }: MappedKey, sub: string): boolean {
  return target.ref.attribute.name === 'meta' && target.subAttribute?.name === sub;
}

/** Two keys that write one LDAP attribute would overwrite each other. */
function checkWrites(mappers: readonly AttributeMapper[], keys: readonly MappedKey[], scope: CompileScope): void {
  const owners = new Map<string, MappedKey>();
  for (const key of keys) {
    if (key.mapping.attribute === undefined || isReadOnlyKey(key.mapping)) continue;
    const name = directoryName(key.mapping.attribute, scope.options.subschema);
    const mapper = mappers.find(({ ref }) => attributeKey(ref) === attributeKey(key.target.ref));
    if (mapper?.writes.includes(name) !== true) continue;
    const owner = owners.get(name.toLowerCase());
    if (owner === undefined) {
      owners.set(name.toLowerCase(), key);
      continue;
    }
    scope.report(
      'MAP105',
      key.path,
      `${key.key} and ${owner.key} both write ${name}`,
      'give one of them access: readOnly',
    );
  }
}

/** `hidden` by `attributeKey`. */
export function displayAttributes(
  byKey: ReadonlyMap<string, AttributeMapper>,
  hidden: ReadonlySet<string> = new Set(),
): string[] {
  const candidates: [string, string?][] = [['displayName'], ['name', 'formatted'], ['userName']];
  return candidates.flatMap(([key, sub]) => {
    const isHidden = hidden.has(key) || hidden.has(`${key}.${sub ?? ''}`);
    return isHidden ? [] : (byKey.get(key)?.reads(sub) ?? []);
  });
}

/** Attributes of this type whose values references of any type hold (`by: uid`). */
function keysOfOthers(typeName: string, scope: CompileScope): string[] {
  const mappings = Object.values(scope.loaded.file.resourceTypes).flatMap((definition) =>
    Object.values(definition.attributes),
  );
  return mappings
    .filter((mapping): mapping is AttributeMappingObject => typeof mapping === 'object')
    .filter(({ reference = [] }) => (typeof reference === 'string' ? [reference] : reference).includes(typeName))
    .flatMap(({ by }) => (by === undefined ? [] : directoryName(by, scope.options.subschema)));
}
