// Which LDAP attributes and references a resource needs to be shown, and the resource made of them. Only what the client
// will get is read: `excludedAttributes=members` never touches the members.
import { hash } from 'node:crypto';
import type { LdapEntry } from '../ldap/entry.ts';
import { formatEtag } from '../scim/etag.ts';
import { isJsonObject, type JsonValue } from '../scim/json.ts';
import { isSelected, projectionKey, selectedSubAttributes } from '../scim/projection.ts';
import type { Projection } from '../scim/request.ts';
import type { Resource } from '../scim/resource.ts';
import { type AttributeRef, attributeKey } from '../scim/schema/schema.ts';
import { withSchemas } from '../scim/schemas-attribute.ts';
import { createMemory } from '../util/memory.ts';
import { type Filling, fillTemplates } from './fill-in.ts';
import { readLeaf } from './leaf.ts';
import type { AttributeMapper } from './mapper.ts';
import { findMapper, type ResourceMapping } from './mapping.ts';
import type { ReferenceNeed, References } from './references.ts';
import { templateRefs } from './template.ts';

export interface FetchPlan {
  readonly mappers: readonly AttributeMapper[];
  /** LDAP attributes; never empty. */
  readonly attributes: readonly string[];
  readonly needs: readonly ReferenceNeed[];
}

/** For a representation under a projection. */
export function planFetch(
  mapping: ResourceMapping,
  projection: Projection,
  { versioned = false }: { readonly versioned?: boolean } = {},
): FetchPlan {
  return recall(mapping, `${projectionKey(projection)}|${versioned}`, () =>
    workOutFetch(mapping, projection, versioned),
  );
}

export interface SearchPlan {
  /** For evaluating a filter or an order; undefined where nothing is to be evaluated. */
  readonly look: FetchPlan | undefined;
  readonly show: FetchPlan;
  /** What is read for both. */
  readonly attributes: readonly string[];
  readonly needs: readonly ReferenceNeed[];
}

/** For matches that are evaluated by some attributes and then shown under a projection. */
export function planSearch(
  mapping: ResourceMapping,
  projection: Projection,
  refs: readonly AttributeRef[],
): SearchPlan {
  return recallSearch(mapping, `${projectionKey(projection)}|${refs.map(attributeKey).join(' ')}`, () => {
    const show = planFetch(mapping, projection);
    if (refs.length === 0) return { look: undefined, show, attributes: show.attributes, needs: show.needs };
    const look = planLook(mapping, refs);
    return {
      look,
      show,
      attributes: Object.freeze([...new Set([...show.attributes, ...look.attributes])]),
      needs: Object.freeze([...new Set([...look.needs, ...show.needs])]),
    };
  });
}

const recallSearch = createMemory<ResourceMapping, SearchPlan>(200);

/** For evaluating a filter or an order that names some attributes. */
export function planLook(mapping: ResourceMapping, refs: readonly AttributeRef[]): FetchPlan {
  return recallLook(mapping, refs.map(attributeKey).join(' '), () => {
    const isVersion = ({ attribute, subAttribute }: AttributeRef): boolean =>
      attribute.name === 'meta' && (subAttribute ?? VERSION).name === VERSION.name;
    return planReaders(mapping, readersOf(mapping, refs), refs.some(isVersion));
  });
}

const recallLook = createMemory<ResourceMapping, FetchPlan>(200);

const VERSION = { name: 'version' } as const;

const recall = createMemory<ResourceMapping, FetchPlan>(200);

function workOutFetch(mapping: ResourceMapping, projection: Projection, versioned: boolean): FetchPlan {
  const attributes = new Set<string>();
  const chosen = mapping.mappers.filter((mapper) => {
    if (!isSelected(projection, mapper.ref)) return false;
    const subs = mapper.ref.attribute.type === 'complex' ? selectedSubAttributes(projection, mapper.ref) : [];
    const all = subs.length === 0 || subs.length === mapper.ref.attribute.subAttributes?.length;
    for (const name of all ? mapper.reads() : subs.flatMap((sub) => [...mapper.reads(sub.name)])) attributes.add(name);
    return true;
  });
  // What is shown of a template's attribute may be less than what the template reads.
  const read = dependenciesOf(mapping, chosen, ({ templates }) => templates);
  for (const mapper of read) for (const name of mapper.reads()) attributes.add(name);
  const mappers = mapping.mappers.filter((mapper) => read.has(mapper) || chosen.includes(mapper));
  return finishPlan(mapping, mappers, attributes, versioned || showsVersion(mapping, projection));
}

function showsVersion(mapping: ResourceMapping, projection: Projection): boolean {
  const meta = mapping.byKey.get('meta')?.ref;
  const version = meta?.attribute.subAttributes?.find(({ name }) => name === 'version');
  return meta !== undefined && version !== undefined && isSelected(projection, { ...meta, subAttribute: version });
}

/** The mappers whose values tell what an attribute is. `schemas` follows from the presence of extension data. */
export function readersOf(mapping: ResourceMapping, refs: readonly AttributeRef[]): AttributeMapper[] {
  return refs.flatMap((ref) =>
    ref.attribute.name === 'schemas' && !ref.extension
      ? mapping.mappers.filter((mapper) => mapper.ref.extension)
      : (findMapper(mapping, ref) ?? []),
  );
}

/** For reading the present values of some attributes. */
export function planFetchOf(mapping: ResourceMapping, mappers: readonly AttributeMapper[]): FetchPlan {
  return planReaders(mapping, mappers, false);
}

function planReaders(mapping: ResourceMapping, mappers: readonly AttributeMapper[], versioned: boolean): FetchPlan {
  const read = dependenciesOf(mapping, mappers, ({ templates, defaults }) => [...templates, ...defaults]);
  const all = mapping.mappers.filter((mapper) => read.has(mapper) || mappers.includes(mapper));
  return finishPlan(mapping, all, new Set(all.flatMap((mapper) => [...mapper.reads()])), versioned);
}

/** What is needed for either. */
export function joinPlans(mapping: ResourceMapping, left: FetchPlan, right: FetchPlan): FetchPlan {
  const mappers = mapping.mappers.filter((mapper) => left.mappers.includes(mapper) || right.mappers.includes(mapper));
  const attributes = [...new Set([...left.attributes, ...right.attributes])];
  return { mappers, attributes, needs: [...new Set([...left.needs, ...right.needs])] };
}

function finishPlan(
  mapping: ResourceMapping,
  mappers: readonly AttributeMapper[],
  attributes: Set<string>,
  versioned: boolean,
): FetchPlan {
  attributes.add(mapping.id.attribute);
  const needs = new Set(mappers.flatMap((mapper) => [...mapper.needs]));
  if (versioned && mapping.version !== undefined) {
    attributes.add(mapping.version);
    for (const need of mapping.versionNeeds) needs.add(need);
  }
  for (const need of needs) {
    // By what those that point here name it, or what tells them apart where many entries are asked for at once.
    const own = need.kind === 'backlink' ? need.sources.flatMap(({ by, kept }) => by ?? kept ?? []) : [];
    for (const name of own) attributes.add(name);
  }
  return { mappers, attributes: Object.freeze([...attributes]), needs: Object.freeze([...needs]) };
}

/** The mappers that templates read, directly or through one another. */
function dependenciesOf(
  mapping: ResourceMapping,
  mappers: readonly AttributeMapper[],
  fillingsOf: (mapper: AttributeMapper) => readonly Filling[],
): ReadonlySet<AttributeMapper> {
  const found = new Set<AttributeMapper>();
  const visit = (mapper: AttributeMapper): void => {
    for (const { template } of fillingsOf(mapper)) {
      for (const ref of templateRefs(template)) {
        const dependency = findMapper(mapping, ref);
        if (dependency === undefined || found.has(dependency)) continue;
        found.add(dependency);
        visit(dependency);
      }
    }
  };
  mappers.forEach(visit);
  return found;
}

/** The id as clients know it; undefined where the entry has none, which makes it no resource. */
export function readId(mapping: ResourceMapping, entry: LdapEntry): string | undefined {
  // Time changes no id.
  const id = readLeaf(mapping.id, entry, 0);
  return typeof id === 'string' ? id : undefined;
}

/** The id as the numbers of a UUID (`writeUuid` of `syntaxes/uuid.ts`); false where only `readId` can tell it. */
export function writeId({ id }: ResourceMapping, entry: LdapEntry, words: Uint32Array, at: number): boolean {
  const values = entry.bytes(id.attribute);
  const [value] = values;
  return value !== undefined && values.length === 1 && id.transform.writeUuid?.(value, words, at) === true;
}

/** Of what the resource shows: the entry's own version, and which resources point here (`groups`). */
export function readVersion(mapping: ResourceMapping, entry: LdapEntry, references: References): string | undefined {
  const own = mapping.version === undefined ? undefined : entry.first(mapping.version);
  if (own === undefined) return undefined;
  const ids = mapping.versionNeeds.flatMap((need) =>
    references.findBacklinks(need, entry).map(({ target, direct }) => (direct ? target.id : `${target.id} indirect`)),
  );
  if (ids.length === 0) return own;
  return `${own}.${hash('sha256', ids.sort().join(), 'base64url').slice(0, 12)}`;
}

/** `baseUrl` without a trailing slash. */
export function locationOf(mapping: ResourceMapping, id: string, baseUrl: string): string {
  return `${baseUrl}${mapping.type.endpoint}/${encodeURIComponent(id)}`;
}

/** The resource, canonical and before projection, with `schemas` and `meta`. */
export function toResource(
  mapping: ResourceMapping,
  entry: LdapEntry,
  references: References,
  mappers: readonly AttributeMapper[],
  baseUrl: string,
  version: string | undefined = readVersion(mapping, entry, references),
): Resource {
  const { type } = mapping;
  const id = readId(mapping, entry) ?? '';
  const schemas = [type.schema.id];
  // One object, written once: every request makes it, and a list makes it a thousand times.
  const resource: Record<string, JsonValue> = { schemas, id };
  const extensions: Record<string, Record<string, JsonValue>> = {};
  for (const mapper of mappers) {
    const value = mapper.toScim(entry, references);
    if (value === undefined) continue;
    const { urn, extension, attribute } = mapper.ref;
    if (!extension) resource[attribute.name] = value;
    else {
      extensions[urn] ??= {};
      extensions[urn][attribute.name] = value;
    }
  }
  for (const [urn, values] of Object.entries(extensions)) {
    schemas.push(urn);
    resource[urn] = values;
  }
  resource['meta'] = {
    resourceType: type.name,
    ...(isJsonObject(resource['meta']) ? resource['meta'] : {}),
    location: locationOf(mapping, id, baseUrl),
    ...(version === undefined ? {} : { version: formatEtag(version) }),
  };
  if (mappers.every(({ templates }) => templates.length === 0)) return resource;
  return withSchemas(fillTemplates(resource, mappers), type);
}
