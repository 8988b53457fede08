// Permissions -> access: the compiled mapping made smaller. The filter of a permission goes the way of every SCIM filter;
// what the directory cannot decide by it alone is held against each entry.
import { hash } from 'node:crypto';
import { and, matchNone } from '../ldap/filter.ts';
import { ScimError } from '../scim/error.ts';
import { findAttributePath } from '../scim/filter/attribute-path.ts';
import { evaluateFilter } from '../scim/filter/evaluate.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import { parseFilter } from '../scim/filter/parse.ts';
import { resolveFilter } from '../scim/filter/resolve.ts';
import { attributeRefs } from '../scim/schema/attribute-refs.ts';
import { findAttribute } from '../scim/schema/find-attribute.ts';
import {
  type AttributeRef,
  attributeKey,
  type ResourceType,
  type Schema,
  type SchemaAttribute,
} from '../scim/schema/schema.ts';
import { urns } from '../scim/urns.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import { type Access, isPartlyAmong, type Permissions, type TypeAccess, type TypePermission } from './access.ts';
import { isExact } from './bounds.ts';
import { displayAttributes } from './compile-resource-type.ts';
import type { CompiledMapping, EntryLimit, ResourceMapping } from './mapping.ts';
import { planFetchOf, readersOf, toResource } from './plan-fetch.ts';
import { filterLookups, filterRefs, planFilter } from './plan-filter.ts';
import { noReferences } from './references.ts';
import { templateRefs } from './template.ts';

/** `path` begins with the resource type. */
export type ReportPermission = (path: readonly string[], message: string, hint?: string) => void;

/** Reports what does not fit the mapping; what was reported permits nothing. */
export function compileAccess(compiled: CompiledMapping, permissions: Permissions, report: ReportPermission): Access {
  const types = new Map<string, TypeAccess>();
  for (const [name, permission] of Object.entries(permissions)) {
    const mapping = compiled.resourceTypes.find(({ type }) => type.name === name);
    if (mapping === undefined) {
      const known = compiled.resourceTypes.map(({ type }) => type.name);
      report(
        [name],
        `the mapping has no resource type ${name}`,
        didYouMean(name, known) ?? `types: ${known.join(', ')}`,
      );
      continue;
    }
    const tell = (key: string, message: string, hint?: string): void => report([name, key], message, hint);
    const access = compileType(mapping, permission, tell);
    if (access !== undefined) types.set(name, access);
  }
  const seen = compiled.resourceTypes.map((mapping) => {
    const access = types.get(mapping.type.name);
    return access?.operations.has('read') === true ? access.mapping : withoutResources(mapping);
  });
  const key = hash('sha256', JSON.stringify(permissions), 'base64url').slice(0, 22);
  return { key, seen: { ...compiled, resourceTypes: seen }, types };
}

type Tell = (key: string, message: string, hint?: string) => void;

function compileType(mapping: ResourceMapping, permission: TypePermission, tell: Tell): TypeAccess | undefined {
  const operations = new Set(permission.operations);
  const refs = namedRefs(mapping.type);
  const kept = (ref: AttributeRef): boolean => !ref.extension && ['id', 'schemas'].includes(ref.attribute.name);
  const closed = (only: 'readable' | 'writable', not: 'unreadable' | 'unwritable') =>
    closedKeys(mapping.type, refs, { only, not }, permission, tell);
  const unreadable = operations.has('read')
    ? closed('readable', 'unreadable')
    : new Set(refs.filter(({ attribute }) => attribute.name !== 'meta').map(attributeKey));
  const hidden = withComputed(
    mapping,
    new Set(refs.filter((ref) => !kept(ref) && unreadable.has(attributeKey(ref))).map(attributeKey)),
  );
  const sealed = closed('writable', 'unwritable');
  const limit = permission.filter === undefined ? undefined : compileLimit(mapping, permission.filter, tell);
  if (permission.filter !== undefined && limit === undefined) return undefined;
  const mappers = mapping.mappers.map((mapper) => ({ ...mapper, ref: hideRef(mapper.ref, hidden) }));
  const byKey = new Map(mappers.map((mapper) => [attributeKey(mapper.ref), mapper]));
  const shown = new Set(displayAttributes(byKey, hidden));
  const narrowed: ResourceMapping = {
    ...mapping,
    type: hideType(mapping.type, hidden),
    mappers,
    byKey,
    display: mapping.display.filter((name) => shown.has(name)),
    sealed,
    ...(limit === undefined
      ? {}
      : { entry: { ...mapping.entry, filter: and(mapping.entry.filter, limit.upper), limit: limit.limit } }),
  };
  return { operations, mapping: narrowed, hidden };
}

/** Every attribute of the type, and every part of one. */
function namedRefs(type: ResourceType): readonly AttributeRef[] {
  return attributeRefs(type).flatMap((ref) => [
    ref,
    ...(ref.attribute.subAttributes ?? []).map((subAttribute) => ({ ...ref, subAttribute })),
  ]);
}

/** What one of two lists closes: everything that `only` leaves out, or what `not` names. */
function closedKeys(
  type: ResourceType,
  refs: readonly AttributeRef[],
  { only, not }: { readonly only: 'readable' | 'writable'; readonly not: 'unreadable' | 'unwritable' },
  permission: TypePermission,
  tell: Tell,
): ReadonlySet<string> {
  const [open, shut] = [permission[only], permission[not]];
  if (open !== undefined && shut !== undefined) tell(not, `${only} and ${not} exclude one another`);
  const key = open === undefined ? not : only;
  const named = new Set((open ?? shut ?? []).flatMap((text) => findNamed(type, text, key, tell) ?? []));
  const isNamed = (ref: AttributeRef): boolean => {
    const { subAttribute: _part, ...whole } = ref;
    return named.has(attributeKey(ref)) || named.has(attributeKey(whole));
  };
  const isOpen = (ref: AttributeRef): boolean =>
    ref.attribute.name === 'meta' ||
    isNamed(ref) ||
    (ref.subAttribute === undefined &&
      (ref.attribute.subAttributes ?? []).some((subAttribute) => isNamed({ ...ref, subAttribute })));
  return new Set(refs.filter((ref) => (open === undefined ? isNamed(ref) : !isOpen(ref))).map(attributeKey));
}

function findNamed(type: ResourceType, text: string, key: string, tell: Tell): string | undefined {
  const path = findAttributePath(text.replace(/^enterprise:/, `${urns.enterpriseUser}:`));
  const ref = path === undefined ? undefined : findAttribute(type, path);
  if (ref !== undefined) return attributeKey(ref);
  tell(
    key,
    `${type.name} has no attribute ${text}`,
    'write paths such as name.givenName or enterprise:department, without [ ]',
  );
  return undefined;
}

/** What is computed from something hidden would tell it. */
function withComputed(mapping: ResourceMapping, hidden: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(hidden);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { ref, templates } of mapping.mappers) {
      for (const { template, subAttribute } of templates) {
        const key = subAttribute === undefined ? attributeKey(ref) : `${attributeKey(ref)}.${subAttribute}`;
        if (templateRefs(template).some((read) => isPartlyAmong(all, read))) all.add(key);
      }
    }
  }
  return all;
}

function hideType(type: ResourceType, hidden: ReadonlySet<string>): ResourceType {
  const hide = (schema: Schema, extension: boolean): Schema => {
    const of = (attribute: SchemaAttribute) => hideRef({ urn: schema.id, extension, attribute }, hidden).attribute;
    // A common attribute is in no schema, unless something else is said of it than RFC 7643 s3.1 does.
    const common = extension
      ? []
      : attributeRefs(type).filter(
          (ref) => !ref.extension && hidden.has(attributeKey(ref)) && !schema.attributes.includes(ref.attribute),
        );
    return { ...schema, attributes: [...common.map(({ attribute }) => of(attribute)), ...schema.attributes.map(of)] };
  };
  return {
    ...type,
    schema: hide(type.schema, false),
    extensions: type.extensions.map((each) => ({ ...each, schema: hide(each.schema, true) })),
  };
}

function hideRef(ref: AttributeRef, hidden: ReadonlySet<string>): AttributeRef {
  const { attribute } = ref;
  const { subAttributes } = attribute;
  return {
    ...ref,
    attribute: {
      ...attribute,
      ...(hidden.has(attributeKey(ref)) ? { returned: 'never' } : {}),
      ...(subAttributes === undefined
        ? {}
        : {
            subAttributes: subAttributes.map((sub) =>
              hidden.has(attributeKey({ ...ref, subAttribute: sub })) ? { ...sub, returned: 'never' as const } : sub,
            ),
          }),
    },
  };
}

function compileLimit(mapping: ResourceMapping, text: string, tell: Tell) {
  const filter = readFilter(mapping, text, tell);
  if (filter === undefined) return undefined;
  const plan = planFetchOf(mapping, readersOf(mapping, filterRefs(filter)));
  if (plan.needs.length > 0 || filterLookups(filter, mapping).length > 0) {
    tell('filter', 'asks for other resources (members, groups, manager)', 'filter by what the entry itself holds');
    return undefined;
  }
  const bounds = planFilter(filter, mapping, noReferences);
  const later = planFilter(filter, mapping, { ...noReferences, now: Date.UTC(2100, 0) });
  if (!isExact({ upper: bounds.upper, lower: later.upper })) {
    tell('filter', 'asks for what changes as time passes', 'filter by an attribute that somebody has to change');
    return undefined;
  }
  const limit: EntryLimit = {
    attributes: plan.attributes,
    exact: isExact(bounds),
    holds: (entry) => {
      const now = { ...noReferences, now: Date.now() };
      return evaluateFilter(filter, toResource(mapping, entry, now, plan.mappers, ''));
    },
  };
  return { upper: bounds.upper, limit };
}

function readFilter(mapping: ResourceMapping, text: string, tell: Tell): ResolvedFilter | undefined {
  try {
    return resolveFilter(parseFilter(text), mapping.type);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    tell('filter', error.detail);
    return undefined;
  }
}

function withoutResources(mapping: ResourceMapping): ResourceMapping {
  return { ...mapping, entry: { ...mapping.entry, filter: matchNone } };
}
