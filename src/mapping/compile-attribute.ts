// All keys of one SCIM attribute -> its mapper. Which kind it is follows from what the keys say; each kind is a file in
// `mappers/`.
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import type { JsonValue } from '../scim/json.ts';
import type { PatchTarget } from '../scim/patch/patch.ts';
import {
  type AttributeRef,
  attributeKey,
  type Mutability,
  type ResourceType,
  type SchemaAttribute,
} from '../scim/schema/schema.ts';
import { unknown } from './bounds.ts';
import { compileLeaf } from './compile-leaf.ts';
import type { CompileScope } from './compile-mapping.ts';
import { compileTemplateAt } from './compile-template.ts';
import type { AttributeMappingObject } from './file/mapping-file.ts';
import type { Leaf } from './leaf.ts';
import type { AttributeMapper } from './mapper.ts';
import { backlinkMapper } from './mappers/backlink.ts';
import { complexMapper, type Slot } from './mappers/complex.ts';
import { passwordMapper } from './mappers/password.ts';
import { referenceMapper } from './mappers/reference.ts';
import { constantMapper, simpleMapper, templateMapper } from './mappers/simple.ts';
import { compareConstantTerm } from './mappers/slot-filter.ts';
import type { Template } from './template.ts';

/** A key of `attributes` with what it names. */
export interface MappedKey {
  readonly key: string;
  /** Of the key in the file. */
  readonly path: readonly string[];
  readonly target: PatchTarget;
  readonly mapping: AttributeMappingObject;
}

export function compileAttribute(
  ref: AttributeRef,
  keys: readonly MappedKey[],
  type: ResourceType,
  scope: CompileScope,
): AttributeMapper | undefined {
  const [first] = keys;
  if (first === undefined) return undefined;
  const whole = keys.find((key) => key.target.subAttribute === undefined && key.target.filter === undefined);
  const special = keys.find(({ mapping }) => mapping.backlink !== undefined || mapping.reference !== undefined);
  if (special !== undefined && keys.length > 1) {
    scope.report(
      'MAP108',
      special.path,
      `${attributeKey(ref)} is a reference and has other keys too`,
      'keep one of them',
    );
  }
  if (special?.mapping.backlink !== undefined) return compileBacklink(ref, special, scope);
  if (special !== undefined) return compileReference(ref, special, scope);
  if (first.mapping.write !== undefined)
    return passwordMapper(ref, first.mapping.write === 'attribute' ? first.mapping.attribute : undefined);
  if (ref.attribute.type === 'complex') return compileComplex(ref, keys, type, scope);
  if (whole === undefined) return undefined;
  const { constant, template, default: defaultText } = whole.mapping;
  if (constant !== undefined) return constantMapper(ref, constant, (term) => compareConstantTerm(constant, term));
  if (template !== undefined) {
    const compiled = compileTemplateAt(template, [...whole.path, 'template'], type, scope);
    return compiled === undefined ? undefined : templateMapper(ref, compiled);
  }
  const leaf = compileLeaf(ref.attribute, whole, type, scope);
  const fallback =
    defaultText === undefined ? undefined : compileTemplateAt(defaultText, [...whole.path, 'default'], type, scope);
  return simpleMapper(ref, leaf, fallback);
}

function compileBacklink(ref: AttributeRef, key: MappedKey, scope: CompileScope): AttributeMapper | undefined {
  const [type = '', attribute = ''] = (key.mapping.backlink ?? '').split('.');
  const definition = scope.loaded.file.resourceTypes[type]?.attributes[attribute];
  if (typeof definition !== 'object' || definition.reference === undefined || definition.attribute === undefined) {
    scope.report(
      'MAP109',
      [...key.path, 'backlink'],
      `${key.mapping.backlink} is no reference attribute`,
      'name the other side, such as Group.members',
    );
    return undefined;
  }
  return backlinkMapper(ref, {
    type,
    attribute: definition.attribute,
    matchEntryDn: scope.options.matchEntryDn,
    ...(definition.by === undefined ? {} : { by: definition.by }),
  });
}

function compileReference(ref: AttributeRef, key: MappedKey, scope: CompileScope): AttributeMapper | undefined {
  const { reference = [], attribute, by, placeholder, singleValued } = key.mapping;
  const types = typeof reference === 'string' ? [reference] : reference;
  for (const type of types) {
    if (!scope.types.has(type)) {
      scope.report(
        'MAP109',
        [...key.path, 'reference'],
        `no resource type ${type}`,
        `one of ${[...scope.types.keys()].join(', ')}`,
      );
    }
  }
  if (attribute === undefined) return undefined;
  const ldapType = scope.options.subschema.attributeType(attribute);
  if (ldapType === undefined && scope.options.live) {
    scope.report(
      'MAP110',
      [...key.path, 'attribute'],
      `the directory's schema has no attribute ${attribute}`,
      'load its schema, or map another attribute',
    );
  }
  return referenceMapper(ref, {
    attribute,
    types,
    singleValued: singleValued ?? ldapType?.singleValue ?? false,
    ...(by === undefined ? {} : { by }),
    ...(placeholder === undefined ? {} : { placeholder }),
  });
}

function compileComplex(
  ref: AttributeRef,
  keys: readonly MappedKey[],
  type: ResourceType,
  scope: CompileScope,
): AttributeMapper {
  const defaults = new Map<string, Template>();
  const templates = new Map<string, Template>();
  const groups = new Map<
    string,
    { constants: Record<string, JsonValue>; leaves: Map<string, Leaf>; primary: boolean; readOnly: boolean }
  >();
  for (const key of keys) {
    const name = key.target.subAttribute?.name ?? 'value';
    const definition = (ref.attribute.subAttributes ?? []).find((sub) => sub.name === name);
    const constants = constantsOf(key, scope);
    const id = JSON.stringify(Object.entries(constants).sort());
    const group = groups.get(id) ?? { constants, leaves: new Map<string, Leaf>(), primary: false, readOnly: false };
    groups.set(id, group);
    const { mapping } = key;
    if (definition === undefined || isVersion(ref, name)) continue;
    if (mapping.template !== undefined) {
      const compiled = compileTemplateAt(mapping.template, [...key.path, 'template'], type, scope);
      if (compiled !== undefined) templates.set(name, compiled);
      continue;
    }
    if (mapping.constant !== undefined) {
      group.constants[name] = mapping.constant;
      continue;
    }
    if (mapping.attribute === undefined) continue;
    group.leaves.set(name, compileLeaf(definition, key, type, scope));
    group.primary ||= mapping.primary === true;
    group.readOnly ||= mapping.access === 'readOnly';
    if (mapping.default === undefined) continue;
    const compiled = compileTemplateAt(mapping.default, [...key.path, 'default'], type, scope);
    if (compiled !== undefined) defaults.set(name, compiled);
  }
  const slots = [...groups.values()].map((group): Slot => {
    const [only] = group.leaves.values();
    const repeated = ref.attribute.multiValued && group.leaves.size === 1 && only !== undefined && !only.singleValued;
    return { ...group, repeated };
  });
  const mapper = complexMapper(ref, slots, { defaults, templates });
  if (ref.attribute.name !== 'meta' || ref.extension) return mapper;
  // `version` and `location` are not values of the entry as they are shown.
  const shown = new Set(['created', 'lastModified']);
  return {
    ...mapper,
    toFilter: (term, references) =>
      term.kind !== 'valuePath' && shown.has(term.subAttribute ?? '') ? mapper.toFilter(term, references) : unknown,
  };
}

function isVersion(ref: AttributeRef, name: string): boolean {
  return ref.attribute.name === 'meta' && name === 'version';
}

/** `[type eq "work"]` -> `{ type: 'work' }`. */
function constantsOf(key: MappedKey, scope: CompileScope): Record<string, JsonValue> {
  const constants: Record<string, JsonValue> = {};
  const visit = (filter: ResolvedFilter): void => {
    if (filter.kind === 'and') filter.filters.forEach(visit);
    else if (filter.kind === 'compare' && filter.operator === 'eq' && filter.ref.subAttribute !== undefined) {
      constants[filter.ref.subAttribute.name] = filter.value.value;
    } else {
      scope.report(
        'MAP103',
        key.path,
        'only eq and "and" can be in the brackets of a mapping',
        'write emails[type eq "work"].value',
      );
    }
  };
  if (key.target.filter !== undefined) visit(key.target.filter);
  return constants;
}

const partsOfReferences = new Set(['value', '$ref', 'type', 'display', 'displayName']);
const shownOnly = new Set(['$ref', 'display', 'displayName']);

/** What the mapping makes of an attribute, or of its sub-attribute; undefined where it cannot hold it. */
export function characteristicsOf(
  keys: readonly MappedKey[],
  sub: string | undefined,
): Partial<SchemaAttribute> | undefined {
  const whole = keys.find((key) => key.target.subAttribute === undefined && key.target.filter === undefined);
  const special = keys.find(({ mapping }) => mapping.backlink !== undefined || mapping.reference !== undefined);
  if (sub === undefined) return whole === undefined ? {} : narrowed(whole.mapping);
  if (special !== undefined) {
    if (!partsOfReferences.has(sub)) return undefined;
    const readOnly = special.mapping.backlink !== undefined || special.mapping.access === 'readOnly';
    return readOnly || shownOnly.has(sub) ? { mutability: 'readOnly' } : {};
  }
  const own = keys.find((key) => (key.target.subAttribute?.name ?? 'value') === sub);
  if (own !== undefined) return narrowed(own.mapping);
  const constants = keys.flatMap((key) => assertedConstants(key.target.filter, sub));
  if (constants.length > 0) return { canonicalValues: [...new Set(constants)] };
  return sub === 'primary' && keys.some(({ mapping }) => mapping.primary === true) ? {} : undefined;
}

function assertedConstants(filter: ResolvedFilter | undefined, sub: string): string[] {
  if (filter === undefined) return [];
  if (filter.kind === 'and') return filter.filters.flatMap((each) => assertedConstants(each, sub));
  const named = filter.kind === 'compare' && filter.ref.subAttribute?.name === sub && filter.value.type === 'string';
  return named ? [String(filter.value.value)] : [];
}

const mutabilities: Readonly<Record<NonNullable<AttributeMappingObject['access']>, Mutability>> = {
  readWrite: 'readWrite',
  readOnly: 'readOnly',
  writeOnce: 'immutable',
  writeOnly: 'writeOnly',
};

function narrowed(mapping: AttributeMappingObject): Partial<SchemaAttribute> {
  const computed = mapping.constant !== undefined || mapping.template !== undefined || mapping.backlink !== undefined;
  const mutability = computed ? 'readOnly' : mapping.access === undefined ? undefined : mutabilities[mapping.access];
  return {
    ...(mutability === undefined ? {} : { mutability }),
    ...(mutability === 'writeOnly' ? { returned: 'never' } : {}),
    ...(mapping.required === undefined ? {} : { required: mapping.required }),
    ...(mapping.caseExact === undefined ? {} : { caseExact: mapping.caseExact }),
    ...(mapping.returned === undefined ? {} : { returned: mapping.returned }),
    ...(mapping.uniqueness === undefined ? {} : { uniqueness: mapping.uniqueness }),
    ...(mapping.description === undefined ? {} : { description: mapping.description }),
  };
}
