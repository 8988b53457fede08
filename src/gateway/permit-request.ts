// Whether the caller may send a request at all: by resource type, operation, and the attributes that it names. What needs
// the entry, such as where a change would put it, is looked at before the write (`checkLimit`, `checkSealed`).

import type { LdapEntry } from '../ldap/entry.ts';
import {
  type Access,
  isAmong,
  isPartlyAmong,
  isPassword,
  type PermittedOperation,
  type TypeAccess,
} from '../mapping/access.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { equalJson } from '../scim/equal-resources.ts';
import { ScimError } from '../scim/error.ts';
import type { ResolvedFilter } from '../scim/filter/filter.ts';
import type { JsonValue } from '../scim/json.ts';
import type { PatchOperation } from '../scim/patch/patch.ts';
import type { ScimRequest, SearchRequest } from '../scim/request.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { attributeRefs } from '../scim/schema/attribute-refs.ts';
import { attributeKey } from '../scim/schema/schema.ts';

/** The request, of a search over all types those that the caller may read. Throws 403. */
export function permitRequest(access: Access, request: ScimRequest): ScimRequest {
  if (request.operation !== 'searchAll') {
    const type = getTypeAccess(access, request.resourceType.name);
    for (const operation of operationsOf(type, request)) {
      if (!type.operations.has(operation))
        throw forbidden(`${verbs[operation]} ${request.resourceType.name} resources`);
    }
    checkAttributes(type, request);
    return request;
  }
  const searches = request.searches.filter((each) => access.types.get(each.resourceType.name)?.operations.has('read'));
  if (searches.length === 0) throw forbidden('read resources of any type');
  for (const each of searches) checkSearch(getTypeAccess(access, each.resourceType.name), each);
  return { ...request, searches };
}

const verbs: Readonly<Record<PermittedOperation, string>> = {
  read: 'read',
  create: 'create',
  modify: 'modify',
  delete: 'delete',
  setPassword: 'set the password of',
};

/** Throws 403 where the type may not be touched at all. */
export function getTypeAccess(access: Access, name: string): TypeAccess {
  const type = access.types.get(name);
  if (type === undefined) throw forbidden(`access ${name} resources`);
  return type;
}

function operationsOf(
  { mapping }: TypeAccess,
  request: Exclude<ScimRequest, { readonly operation: 'searchAll' }>,
): PermittedOperation[] {
  switch (request.operation) {
    case 'read':
    case 'search':
      return ['read'];
    case 'delete':
      return ['delete'];
    case 'create':
      return ['create', ...(givesPassword(mapping, request.resource) ? (['setPassword'] as const) : [])];
    case 'replace':
      return ['modify', ...(givesPassword(mapping, request.resource) ? (['setPassword'] as const) : [])];
    case 'patch': {
      const sets = request.operations.map(({ target }) => isPassword(mapping, target.ref));
      return [
        ...(sets.includes(true) ? (['setPassword'] as const) : []),
        ...(sets.length === 0 || sets.includes(false) ? (['modify'] as const) : []),
      ];
    }
  }
}

function givesPassword(mapping: ResourceMapping, resource: Resource): boolean {
  return mapping.mappers.some(({ ref }) => isPassword(mapping, ref) && getAttribute(resource, ref) !== undefined);
}

function checkAttributes(type: TypeAccess, request: ScimRequest): void {
  switch (request.operation) {
    case 'search':
      checkSearch(type, request);
      return;
    case 'create':
      checkSealed(type.mapping, {}, request.resource);
      return;
    case 'patch':
      for (const operation of request.operations) checkPatch(type, operation);
      return;
    case 'read':
    case 'searchAll':
    case 'replace':
    case 'delete':
      return;
  }
}

function checkSearch({ hidden }: TypeAccess, { query }: SearchRequest): void {
  if (query.filter !== undefined) checkFilter(hidden, query.filter);
  if (query.sortBy !== undefined && isAmong(hidden, query.sortBy)) {
    throw forbidden(`read ${attributeKey(query.sortBy)}, and so not sort by it`);
  }
}

/** What a client may not read it may not learn by asking whether it matches either. */
function checkFilter(hidden: ReadonlySet<string>, filter: ResolvedFilter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const part of filter.filters) checkFilter(hidden, part);
      return;
    case 'not':
      checkFilter(hidden, filter.filter);
      return;
    case 'never':
      return;
    case 'valuePath':
    case 'present':
    case 'compare': {
      const { ref } = filter;
      // `schemas` tells whether any attribute of an extension has a value.
      const tells = ref.attribute.name === 'schemas' && [...hidden].some((key) => key.includes(':'));
      const told = filter.kind === 'present' ? isPartlyAmong(hidden, ref) : isAmong(hidden, ref);
      if (tells || told) throw forbidden(`read ${attributeKey(ref)}, and so not filter by it`);
      if (filter.kind === 'valuePath') checkFilter(hidden, filter.filter);
    }
  }
}

function checkPatch({ mapping, hidden }: TypeAccess, { target }: PatchOperation): void {
  const { ref, subAttribute, filter } = target;
  const written = subAttribute === undefined ? ref : { ...ref, subAttribute };
  if (isAmong(mapping.sealed, ref) || isAmong(mapping.sealed, written))
    throw forbidden(`write ${attributeKey(written)}`);
  if (filter !== undefined) checkFilter(hidden, filter);
}

/** Throws 403 where a change would give another value to what the caller may not write. */
export function checkSealed(mapping: ResourceMapping, before: Resource, after: Resource): void {
  if (mapping.sealed.size === 0) return;
  for (const ref of attributeRefs(mapping.type)) {
    if (!isPartlyAmong(mapping.sealed, ref)) continue;
    const [was, shall] = [getAttribute(before, ref), getAttribute(after, ref)];
    if (equalJson(was, shall)) continue;
    if (isAmong(mapping.sealed, ref)) throw forbidden(`write ${attributeKey(ref)}`);
    for (const subAttribute of ref.attribute.subAttributes ?? []) {
      const part = { ...ref, subAttribute };
      if (
        isAmong(mapping.sealed, part) &&
        !equalJson(partsOf(was, subAttribute.name), partsOf(shall, subAttribute.name))
      ) {
        throw forbidden(`write ${attributeKey(part)}`);
      }
    }
  }
}

/** A part of a value, or of every value. */
function partsOf(value: JsonValue | undefined, name: string): JsonValue {
  return [value ?? []].flat().flatMap((each) => {
    const part =
      typeof each === 'object' && each !== null ? (each as Readonly<Record<string, JsonValue>>)[name] : undefined;
    return part === undefined ? [] : [part];
  });
}

/** Throws 403 where the entry, as it will be, does not exist for the caller. */
export function checkLimit({ entry: { limit }, type }: ResourceMapping, entry: LdapEntry): void {
  if (limit === undefined || limit.holds(entry)) return;
  const detail = `These credentials may not do this: the ${type.name} would then be outside of what they have access to.`;
  throw new ScimError(403, undefined, detail);
}

function forbidden(what: string): ScimError {
  return new ScimError(403, undefined, `These credentials may not ${what}.`);
}
