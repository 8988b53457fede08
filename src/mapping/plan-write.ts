// Writing: a canonical resource -> a new entry; a resource before and after -> the fewest modifications that make the
// entry say it. Pure: the gateway has resolved the references and read the entry, and runs what comes out.
import { childDn, firstRdn, parentDn, parseDn, printDn, rdnText } from '../ldap/dn.ts';
import { entryOf, type LdapEntry } from '../ldap/entry.ts';
import type { AddRequest, Modification } from '../ldap/operations.ts';
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import { type LdapValue, octetKey, toBytes } from '../ldap/value.ts';
import { equalJson } from '../scim/equal-resources.ts';
import { badRequest, ScimError } from '../scim/error.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { attributeKey } from '../scim/schema/schema.ts';
import { typeKey } from './directory-name.ts';
import { withDefaults } from './fill-in.ts';
import { namingIndex } from './leaf.ts';
import type { AttributeMapper } from './mapper.ts';
import type { CompiledMapping, EntryDefault, ResourceMapping } from './mapping.ts';
import { placeOf, planMove } from './placement.ts';
import type { References } from './references.ts';
import { fillTemplate } from './template.ts';

/** What a write needs beyond the resource. */
export interface WriteContext {
  readonly references: References;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface CounterNeed {
  readonly attribute: string;
  readonly counter: { readonly entry: string; readonly attribute: string };
}

export interface EntryChange {
  readonly modifications: readonly Modification[];
  /** New RDN. */
  readonly rename?: string;
  /** DN right below which the entry goes; absent: it stays below its parent. */
  readonly move?: string;
}

/** Numbers to draw before `planAdd`. */
export function counterNeeds(mapping: ResourceMapping): CounterNeed[] {
  return mapping.entry.defaults.flatMap((each) => ('counter' in each ? [each] : []));
}

/** The new entry. `counters` holds the numbers drawn, by LDAP attribute. */
export function planAdd(
  mapping: ResourceMapping,
  resource: Resource,
  context: WriteContext,
  counters: ReadonlyMap<string, string>,
): AddRequest {
  const filled = withDefaults(resource, mapping.mappers);
  const attributes = new Map<string, { type: string; values: readonly LdapValue[] }>();
  const put = (type: string, values: readonly LdapValue[]): void => {
    if (values.length > 0 && !attributes.has(type.toLowerCase())) attributes.set(type.toLowerCase(), { type, values });
  };
  const defaults = entryDefaults(mapping, filled, counters);
  // What SCIM says of a part of a value, such as one bit, is said of the default.
  const start = entryOf({ dn: '', attributes: Array.from(defaults, ([type, values]) => ({ type, values })) });
  for (const mapper of mapping.mappers) {
    const writable = new Set(mapper.writes);
    const written = mapper.toLdap(getAttribute(filled, mapper.ref), context.references, context.now, start);
    for (const [name, values] of written) if (writable.has(name)) put(name, values);
  }
  for (const [name, values] of defaults) put(name, values);
  const naming = attributes.get(mapping.entry.rdn.toLowerCase())?.values[0];
  if (naming === undefined) throw missingName(mapping);
  const auxiliary = [...attributes.keys()].flatMap((name) => mapping.entry.auxiliary.get(typeKey(name)) ?? []);
  const objectClasses = [...new Set([...mapping.entry.objectClasses, ...auxiliary])];
  return {
    dn: childDn(rdnText(mapping.entry.rdn, naming), placeOf(mapping.placement, filled)),
    attributes: [{ type: 'objectClass', values: objectClasses }, ...attributes.values()],
  };
}

/** Values of new entries that no SCIM attribute holds, or that one begins with. */
function entryDefaults(
  mapping: ResourceMapping,
  filled: Resource,
  counters: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const numberOf = (attribute: string): readonly string[] => [counters.get(attribute) ?? []].flat();
  return new Map(
    mapping.entry.defaults.map((each) => [
      each.attribute,
      'counter' in each ? numberOf(each.attribute) : textsOf(each, filled),
    ]),
  );
}

function textsOf({ templates }: Extract<EntryDefault, { templates: unknown }>, resource: Resource): readonly string[] {
  return templates.flatMap((template) => fillTemplate(template, resource) ?? []);
}

/** The difference between two resources, in the attributes of `mappers`. */
export function planModify(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  mappers: readonly AttributeMapper[],
  change: { readonly entry: LdapEntry; readonly before: Resource; readonly after: Resource },
  context: WriteContext,
): EntryChange {
  const { entry, before } = change;
  const after = withDefaults(change.after, mappers);
  const modifications: Modification[] = [];
  let rename: string | undefined;
  const write = (attribute: string, values: readonly LdapValue[], mapper?: AttributeMapper): void => {
    const type = compiled.subschema.attributeType(attribute);
    const naming = namingChange(entry, attribute, values);
    if (naming === undefined) {
      modifications.push(
        ...(values.length > 0 && mapper !== undefined && setsTheOne(entry, attribute, mapper, type)
          ? [{ operation: 'replace', attribute, values } as const]
          : modifyAttribute(attribute, entry.bytes(attribute), values, type)),
      );
      return;
    }
    const about = mapper === undefined ? 'A value that is needed' : attributeKey(mapper.ref);
    if (naming.value === undefined) throw badRequest('mutability', `${about} names the entry.`);
    rename = renamed(rename ?? firstRdn(entry.dn), attribute, naming.value);
    modifications.push(...modifyAttribute(attribute, naming.current, naming.desired, type));
  };
  for (const mapper of mappers) {
    const was = getAttribute(before, mapper.ref);
    const shall = getAttribute(after, mapper.ref);
    const isPassing = mapper.isPassing?.(entry) === true;
    const isSame = mapper.unreadable !== true && !isPassing && equalJson(was, shall);
    if (mapper.writes.length === 0 || isSame) continue;
    if (mapper.toModifications !== undefined) {
      modifications.push(...mapper.toModifications({ entry, before: was, after: shall, ...context }));
      continue;
    }
    const { references, now } = context;
    const old = mapper.toLdap(was, references, now);
    const changed = [...mapper.toLdap(shall, references, now)].filter(
      ([attribute, values]) =>
        mapper.writes.includes(attribute) && (isPassing || !sameValues(old.get(attribute) ?? [], values)),
    );
    const wanted = mapper.toLdap(shall, references, now, entry);
    for (const [attribute] of changed) write(attribute, wanted.get(attribute) ?? [], mapper);
  }
  for (const { attribute, values } of followingDefaults(mapping, { entry, before, after })) write(attribute, values);
  const classes = missingClasses(mapping, entry, modifications);
  const { rule } = mapping.placement;
  const placed = rule !== undefined && mappers.includes(rule.mapper);
  const move = placed ? planMove(mapping.placement, entry.dn, before, after) : undefined;
  return {
    modifications:
      classes.length === 0
        ? modifications
        : [{ operation: 'add', attribute: 'objectClass', values: classes }, ...modifications],
    ...(rename === undefined ? {} : { rename }),
    ...(move === undefined ? {} : { move }),
  };
}

/**
 * Values that no SCIM attribute holds and that follow what they were made of. Who has been given others by hand keeps
 * them.
 */
function followingDefaults(
  mapping: ResourceMapping,
  { entry, before, after }: { readonly entry: LdapEntry; readonly before: Resource; readonly after: Resource },
): { readonly attribute: string; readonly values: readonly string[] }[] {
  return mapping.entry.defaults.flatMap((each) => {
    if ('counter' in each || !each.follows) return [];
    const [was, values] = [textsOf(each, before), textsOf(each, after)];
    const isMade = sameValues(was, entry.bytes(each.attribute));
    return isMade && values.length > 0 && !sameValues(was, values) ? [{ attribute: each.attribute, values }] : [];
  });
}

/** DN of the entry after a rename, a move, or both. */
export function renamedDn(dn: string, { rename, move }: { readonly rename?: string; readonly move?: string }): string {
  return childDn(rename ?? firstRdn(dn), move ?? parentDn(dn));
}

/**
 * Where the RDN holds a value of the attribute and it shall go: the value that takes its place (undefined where there is
 * none), and what else changes. The rename itself removes the one and adds the other (RFC 4511 s4.9, deleteoldrdn).
 */
function namingChange(entry: LdapEntry, attribute: string, values: readonly LdapValue[]) {
  const index = namingIndex(entry, attribute);
  const current = entry.bytes(attribute);
  const old = current[index];
  if (old === undefined || values.some((value) => toBytes(value).equals(old))) return undefined;
  const [value, ...others] = values;
  const isValue = (each: LdapValue): boolean => value !== undefined && toBytes(each).equals(toBytes(value));
  return { value, current: current.filter((each) => each !== old && !isValue(each)), desired: others };
}

/** The RDN with one value changed; the other parts of a multi-valued one stay. */
function renamed(rdnTextBefore: string, attribute: string, value: LdapValue): string {
  const [rdn = []] = parseDn(rdnTextBefore);
  return printDn([
    rdn.map((part) => (part.type.toLowerCase() === attribute.toLowerCase() ? { type: part.type, value } : part)),
  ]);
}

/**
 * Deletes and adds of single values rather than a replace: who changed the attribute meanwhile makes the delete fail with
 * 16, so that nobody's change is overwritten unseen. A replace stands where values have no equality rule to delete them
 * by, and where their order matters (the first is the one that is shown).
 */
function modifyAttribute(
  attribute: string,
  current: readonly Buffer[],
  desired: readonly LdapValue[],
  type: AttributeType | undefined,
): Modification[] {
  const wanted = desired.map(toBytes);
  const [before, after] = [new Set(current.map(octetKey)), new Set(wanted.map(octetKey))];
  const removed = current.filter((value) => !after.has(octetKey(value)));
  const added = wanted.filter((value) => !before.has(octetKey(value)));
  const kept = current.filter((value) => after.has(octetKey(value)));
  const inOrder = [...kept, ...added].every((value, index) => wanted[index]?.equals(value));
  const comparable = type === undefined || (type.equality !== undefined && !/^certificate/i.test(type.equality));
  if (!comparable || !inOrder) return [{ operation: 'replace', attribute, values: desired }];
  const modifications: Modification[] = [];
  if (removed.length > 0) modifications.push({ operation: 'delete', attribute, values: removed });
  if (added.length > 0) modifications.push({ operation: 'add', attribute, values: added });
  return modifications;
}

/**
 * Whether it was unset and takes one value: two who add one at once would leave two, and there is no old value for the
 * second to fail by. What may be written once only is added all the same.
 */
function setsTheOne(
  entry: LdapEntry,
  attribute: string,
  { ref }: AttributeMapper,
  type: AttributeType | undefined,
): boolean {
  const takesOne = !ref.attribute.multiValued || type?.singleValue === true;
  return takesOne && ref.attribute.mutability !== 'immutable' && entry.bytes(attribute).length === 0;
}

/** Auxiliary classes that added attributes need and the entry lacks. */
function missingClasses(mapping: ResourceMapping, entry: LdapEntry, modifications: readonly Modification[]): string[] {
  if (mapping.entry.auxiliary.size === 0) return [];
  const has = new Set(entry.strings('objectClass').map((name) => name.toLowerCase()));
  const needed = modifications
    .filter(({ operation, values }) => operation !== 'delete' && values.length > 0)
    .flatMap(({ attribute }) => mapping.entry.auxiliary.get(typeKey(attribute)) ?? []);
  return [...new Set(needed)].filter((name) => !has.has(name.toLowerCase()));
}

function sameValues(left: readonly LdapValue[], right: readonly LdapValue[]): boolean {
  return (
    left.length === right.length && left.every((value, index) => toBytes(value).equals(toBytes(right[index] ?? '')))
  );
}

function missingName({ mappers, entry, type }: ResourceMapping): Error {
  const isName = (name: string): boolean => name.toLowerCase() === entry.rdn.toLowerCase();
  const naming = mappers.find((mapper) => mapper.writes.some(isName));
  if (naming !== undefined) return badRequest('invalidValue', `${attributeKey(naming.ref)} is required.`);
  if (entry.defaults.some(({ attribute }) => isName(attribute)))
    return badRequest('invalidValue', 'What names the resource is missing.');
  return new ScimError(403, undefined, `${type.name} resources cannot be created here.`);
}
