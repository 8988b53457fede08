// PATCH and PUT as plans. A patch takes two lanes, attribute by attribute: operations that say which values come and go
// (`members`) compile straight to value changes and never read the attribute; all others read the entry, change the
// resource and write the difference. Both end in one modify.
import type { LdapEntry } from '../ldap/entry.ts';
import type { Modification } from '../ldap/operations.ts';
import { badRequest } from '../scim/error.ts';
import { isJsonObject, type JsonValue } from '../scim/json.ts';
import { applyPatch } from '../scim/patch/apply-patch.ts';
import type { PatchOperation } from '../scim/patch/patch.ts';
import type { ClientProfile } from '../scim/profile.ts';
import { getAttribute, type Resource, withAttribute } from '../scim/resource.ts';
import { type AttributeRef, attributeKey } from '../scim/schema/schema.ts';
import { checkImmutable } from '../scim/validate-resource.ts';
import { isAmong, isPartlyAmong } from './access.ts';
import { typeKey } from './directory-name.ts';
import { withDefaults, withoutFollowing } from './fill-in.ts';
import type { AttributeMapper, ValueChange } from './mapper.ts';
import { type CompiledMapping, findMapper, type ResourceMapping } from './mapping.ts';
import { type FetchPlan, planFetchOf, toResource } from './plan-fetch.ts';
import { keptThroughPassword, passwordOf, readsForPassword, valuesAfter } from './plan-password.ts';
import { type EntryChange, planModify, type WriteContext } from './plan-write.ts';
import type { LookupNeed } from './references.ts';
import { type Template, templateRefs } from './template.ts';

export interface ChangePlan {
  /** Attributes of the present entry to read first; undefined where none are needed. */
  readonly fetch: FetchPlan | undefined;
  readonly lookups: readonly LookupNeed[];
  /** What the lanes that read make of it. */
  change(
    entry: LdapEntry,
    context: WriteContext,
  ): EntryChange & { readonly before: Resource; readonly after: Resource };
  /** What the other lane makes of it. */
  valueChanges(context: WriteContext): readonly ValueChange[];
  /** To be set by an operation of its own; null unassigns. */
  readonly password?: string | null;
}

/** RFC 7644 s3.5.2. */
export function planPatch(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  operations: readonly PatchOperation[],
  profile: ClientProfile,
): ChangePlan {
  const lanes = new Map<AttributeMapper, PatchOperation[]>();
  let password: string | null | undefined;
  for (const operation of operations) {
    const mapper = findMapper(mapping, operation.target.ref);
    if (mapper === undefined) continue;
    if (mapper.passwordWrite !== undefined) password = typeof operation.value === 'string' ? operation.value : null;
    else {
      const lane = lanes.get(mapper);
      if (lane === undefined) lanes.set(mapper, [operation]);
      else lane.push(operation);
    }
  }
  const isBlind = (mapper: AttributeMapper, own: readonly PatchOperation[]): boolean =>
    mapper.isBlind?.(own) === true &&
    !isPartlyAmong(mapping.sealed, mapper.ref) &&
    !mapper.writes.some((name) => mapping.entry.auxiliary.has(typeKey(name)));
  const blind = [...lanes].filter(([mapper, own]) => isBlind(mapper, own));
  const reading = [...lanes].filter(([mapper, own]) => !isBlind(mapper, own));
  const named = reading.map(([mapper]) => mapper);
  const mappers = [...named, ...followersOf(mapping, named)];
  const patched = reading.flatMap(([, own]) => own);
  return {
    fetch: mappers.length === 0 ? undefined : fetchBefore(mapping, mappers),
    lookups: [...lanes].flatMap(([mapper, own]) => mapper.lookups(own.flatMap(namedValues))),
    change(entry, context) {
      const before = toResource(mapping, entry, context.references, fetchBefore(mapping, mappers).mappers, '');
      const asked = applyPatch(before, patched, mapping.type, profile);
      for (const mapper of named) checkNotRemoved(mapper, asked);
      const after = withDefaults(withoutFollowing(before, asked, mappers), mappers);
      return { before, after, ...planDifference(compiled, mapping, mappers, { entry, before, after }, context) };
    },
    valueChanges: (context) => blind.flatMap(([mapper, own]) => mapper.toValueChange?.(own, context.references) ?? []),
    ...(password === undefined ? {} : { password }),
  };
}

/** Values of an operation that may name other resources: what it writes, and what its filter asks for. */
function namedValues(operation: PatchOperation) {
  const { target, value } = operation;
  const asserted = target.filter === undefined ? [] : assertedValues(target.filter);
  // The id alone, as a path such as `manager.value` sets it.
  const written = target.subAttribute?.name === 'value' && value !== undefined ? { value } : value;
  return [written, ...asserted.map((each) => ({ value: each }))];
}

function assertedValues(filter: NonNullable<PatchOperation['target']['filter']>): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(assertedValues);
    case 'not':
      return assertedValues(filter.filter);
    case 'compare':
      return filter.value.type === 'string' ? [filter.value.value] : [];
    case 'present':
    case 'valuePath':
    case 'never':
      return [];
  }
}

/** RFC 7644 s3.5.1. `cleared` are attributes that the body names with null or an empty list. */
export function planReplace(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  body: Resource,
  cleared: readonly AttributeRef[],
): ChangePlan {
  const clears = new Set(cleared.map(attributeKey));
  const kept = (mapper: AttributeMapper): boolean =>
    getAttribute(body, mapper.ref) === undefined &&
    (mapper.alwaysPresent === true ||
      isAmong(mapping.sealed, mapper.ref) ||
      (!clears.has(attributeKey(mapper.ref)) && staysWhenOmitted(mapper)));
  const mappers = mapping.mappers.filter(
    (mapper) => mapper.writes.length > 0 && mapper.passwordWrite === undefined && !kept(mapper),
  );
  const password = passwordOf(mapping, body);
  return {
    fetch: fetchBefore(mapping, mappers),
    lookups: mappers.flatMap((mapper) => mapper.lookups([getAttribute(body, mapper.ref)])),
    change(entry, context) {
      const before = toResource(mapping, entry, context.references, fetchBefore(mapping, mappers).mappers, '');
      const after = mappers.reduce(
        (resource, { ref }) =>
          withAttribute(
            resource,
            ref,
            withFixedParts(mapping, ref, getAttribute(before, ref), getAttribute(body, ref)),
          ),
        before,
      );
      checkImmutable(before, after, mapping.type);
      return { before, after, ...planDifference(compiled, mapping, mappers, { entry, before, after }, context) };
    },
    valueChanges: () => [],
    ...(password === undefined ? {} : { password }),
  };
}

/** To remove `active` would enable the account: a value that is always there is changed, never removed. */
function checkNotRemoved({ ref, alwaysPresent }: AttributeMapper, after: Resource): void {
  if (alwaysPresent !== true || getAttribute(after, ref) !== undefined) return;
  throw badRequest('mutability', `${attributeKey(ref)} always has a value and cannot be removed; set another one.`);
}

/** D5, D7: what a PUT leaves alone where the body does not name it. */
function staysWhenOmitted({ ref }: AttributeMapper): boolean {
  const { mutability, name } = ref.attribute;
  return mutability !== 'readWrite' || name === 'active' || name === 'members';
}

/** D7: what is immutable and not named stays, as a part of a value too; so does what the client may not write. */
function withFixedParts(
  mapping: ResourceMapping,
  ref: AttributeRef,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (!isJsonObject(before) || (after !== undefined && !isJsonObject(after))) return after;
  const fixed = (ref.attribute.subAttributes ?? []).filter(
    (subAttribute) =>
      (subAttribute.mutability === 'immutable' || isAmong(mapping.sealed, { ...ref, subAttribute })) &&
      before[subAttribute.name] !== undefined &&
      after?.[subAttribute.name] === undefined,
  );
  if (fixed.length === 0) return after;
  return { ...Object.fromEntries(fixed.map(({ name }) => [name, before[name]])), ...after };
}

/** A password that is written as an attribute lifts locks, too, unless the same modify takes them out and puts them in. */
function planDifference(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  mappers: readonly AttributeMapper[],
  between: { readonly entry: LdapEntry; readonly before: Resource; readonly after: Resource },
  context: WriteContext,
): EntryChange {
  const { entry, after } = between;
  const change = planModify(compiled, mapping, mappers, between, context);
  const isSet = mappers.some(({ ref, unreadable }) => unreadable === true && getAttribute(after, ref) !== undefined);
  if (!isSet) return change;
  const valuesOf = (attribute: string) => valuesAfter(entry.bytes(attribute), attribute, change.modifications);
  const kept = keptThroughPassword(mapping, valuesOf).flatMap(({ attribute, values }): Modification[] => [
    { operation: 'delete', attribute, values: [] },
    { operation: 'add', attribute, values },
  ]);
  return { ...change, modifications: [...change.modifications, ...kept] };
}

/** Those that the change does not name, and whose value follows from what it names. */
function followersOf(mapping: ResourceMapping, named: readonly AttributeMapper[]): readonly AttributeMapper[] {
  const found = mapping.mappers.filter(
    (mapper) =>
      !named.includes(mapper) &&
      mapper.defaults.some(({ follows, template }) => follows === true && isMadeOf(mapping, template, named)),
  );
  return found.length === 0 ? [] : [...found, ...followersOf(mapping, [...named, ...found])];
}

function isMadeOf(mapping: ResourceMapping, template: Template, mappers: readonly AttributeMapper[]): boolean {
  return templateRefs(template).some((ref) => mappers.some((mapper) => mapper === findMapper(mapping, ref)));
}

/** LDAP attributes that follow what the mappers change, and what they are made of. */
function followingOf(mapping: ResourceMapping, mappers: readonly AttributeMapper[]) {
  const following = mapping.entry.defaults.flatMap((each) =>
    'follows' in each && each.follows && each.templates.some((template) => isMadeOf(mapping, template, mappers))
      ? [each]
      : [],
  );
  const refs = following.flatMap(({ templates }) => templates.flatMap(templateRefs));
  return {
    attributes: following.map(({ attribute }) => attribute),
    mappers: refs.flatMap((ref) => findMapper(mapping, ref) ?? []),
  };
}

function fetchBefore(mapping: ResourceMapping, mappers: readonly AttributeMapper[]): FetchPlan {
  const following = followingOf(mapping, mappers);
  const plan = planFetchOf(mapping, [...mappers, ...following.mappers]);
  const classes = mapping.entry.auxiliary.size === 0 ? [] : ['objectClass'];
  const locks = mappers.some(({ unreadable }) => unreadable === true) ? readsForPassword(mapping) : [];
  return { ...plan, attributes: [...new Set([...plan.attributes, ...classes, ...locks, ...following.attributes])] };
}
