// A new password as a plan: how it is set, what is written after it, and what has to wait until it is there.
import { entryOf } from '../ldap/entry.ts';
import type { AddRequest, Modification } from '../ldap/operations.ts';
import { type LdapValue, toBytes } from '../ldap/value.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import type { AttributeMapper } from './mapper.ts';
import type { ResourceMapping } from './mapping.ts';
import type { WriteContext } from './plan-write.ts';

export interface PasswordPlan {
  readonly password: string;
  /** What sets it; absent: the operation of RFC 3062. */
  readonly modification?: Modification;
  /** Written after it, in one modify with `kept`. */
  readonly after: readonly Modification[];
  /** Sets again what it takes away; harmless where it did not. */
  readonly kept: readonly Modification[];
}

/** A password of the resource that is set by an operation of its own. */
export function passwordOf(mapping: ResourceMapping, resource: Resource): string | undefined {
  const mapper = passwordMapperOf(mapping);
  const password = mapper === undefined ? undefined : getAttribute(resource, mapper.ref);
  return typeof password === 'string' ? password : undefined;
}

/** Whether a new resource that has no password gets one that nobody knows. */
export function needsPassword(mapping: ResourceMapping): boolean {
  return passwordMapperOf(mapping)?.passwordWrite?.generate === true;
}

/** `after` is what waits for the password; `valuesOf` gives the values that the entry has before it. */
export function planPassword(
  mapping: ResourceMapping,
  password: string,
  after: readonly Modification[],
  valuesOf: (attribute: string) => readonly LdapValue[],
): PasswordPlan {
  const write = passwordMapperOf(mapping)?.passwordWrite;
  return {
    password,
    ...(write?.toModification === undefined ? {} : { modification: write.toModification(password) }),
    after: [...after, ...(write?.along ?? [])],
    kept: keptThroughPassword(mapping, valuesOf).map((each) => ({ operation: 'replace', ...each })),
  };
}

/** What a new password takes away and nobody asked to change; `valuesOf` gives the values before it. */
export function keptThroughPassword(
  mapping: ResourceMapping,
  valuesOf: (attribute: string) => readonly LdapValue[],
): readonly { readonly attribute: string; readonly values: readonly LdapValue[] }[] {
  return mapping.mappers.flatMap(({ passwordClears }) => {
    if (passwordClears === undefined) return [];
    const { attribute } = passwordClears;
    const values = passwordClears.kept(valuesOf(attribute));
    return values.length === 0 ? [] : [{ attribute, values }];
  });
}

/** LDAP attributes whose values `keptThroughPassword` asks for. */
export function readsForPassword(mapping: ResourceMapping): string[] {
  return mapping.mappers.flatMap(({ passwordClears }) => passwordClears?.attribute ?? []);
}

/**
 * The new entry, inactive where it cannot be active before it has its password (Active Directory), and the modifications
 * that make it active.
 */
export function untilPassword(
  mapping: ResourceMapping,
  add: AddRequest,
  { references, now }: WriteContext,
): { readonly add: AddRequest; readonly after: readonly Modification[] } {
  const active = waitingMapper(mapping);
  const entry = entryOf(add);
  if (active?.toScim(entry, references) !== true) return { add, after: [] };
  const inactive = active.toLdap(false, references, now, entry);
  const names = new Set([...inactive.keys()].map((name) => name.toLowerCase()));
  const others = add.attributes.filter(({ type }) => !names.has(type.toLowerCase()));
  const first = [...inactive].map(([type, values]) => ({ type, values })).filter(({ values }) => values.length > 0);
  const waiting = { ...add, attributes: [...others, ...first] };
  const wanted = active.toLdap(true, references, now, entryOf(waiting));
  const after = [...inactive].flatMap(([attribute, values]) => {
    const own = entry.bytes(attribute);
    return swap(attribute, values, own.length > 0 ? own : (wanted.get(attribute) ?? []));
  });
  return { add: waiting, after };
}

/** The modifications that may go first, and those that make the resource active and wait for its password. */
export function splitByPassword(
  mapping: ResourceMapping,
  modifications: readonly Modification[],
  after: Resource,
): { readonly first: readonly Modification[]; readonly waiting: readonly Modification[] } {
  const active = waitingMapper(mapping);
  if (active === undefined || getAttribute(after, active.ref) !== true) return { first: modifications, waiting: [] };
  const waits = ({ attribute }: Modification): boolean => active.writes.includes(attribute);
  return { first: modifications.filter((each) => !waits(each)), waiting: modifications.filter(waits) };
}

/**
 * The modifications that can be undone, and those of a password that is written as an attribute: nobody can read what it
 * was before. Locks that it lifts go with it.
 */
export function splitByUndo(
  mapping: ResourceMapping,
  modifications: readonly Modification[],
): { readonly first: readonly Modification[]; readonly last: readonly Modification[] } {
  const secret = new Set(mapping.mappers.flatMap(({ unreadable, writes }) => (unreadable === true ? writes : [])));
  if (!modifications.some(({ attribute }) => secret.has(attribute))) return { first: modifications, last: [] };
  const locks = new Set(readsForPassword(mapping));
  const isLast = ({ attribute }: Modification): boolean => secret.has(attribute) || locks.has(attribute);
  return {
    first: modifications.filter((each) => !isLast(each)),
    last: modifications.filter(isLast),
  };
}

/** The values that an attribute has after the modifications. */
export function valuesAfter(
  values: readonly LdapValue[],
  attribute: string,
  modifications: readonly Modification[],
): readonly LdapValue[] {
  let current = values;
  for (const { operation, attribute: changed, values: given } of modifications) {
    if (changed.toLowerCase() !== attribute.toLowerCase()) continue;
    if (operation === 'replace') current = given;
    else if (operation === 'add') current = [...current, ...given];
    else if (operation === 'delete')
      current = given.length === 0 ? [] : current.filter((value) => !holds(given, value));
  }
  return current;
}

function holds(values: readonly LdapValue[], value: LdapValue): boolean {
  return values.some((other) => toBytes(other).equals(toBytes(value)));
}

function passwordMapperOf(mapping: ResourceMapping): AttributeMapper | undefined {
  return mapping.mappers.find(({ passwordWrite }) => passwordWrite !== undefined);
}

/** `active`, where it cannot be true without a password. */
function waitingMapper(mapping: ResourceMapping): AttributeMapper | undefined {
  if (passwordMapperOf(mapping)?.passwordWrite?.toModification === undefined) return undefined;
  return mapping.byKey.get('active');
}

/** Value by value, as every change is that somebody else may have got ahead of. */
function swap(attribute: string, before: readonly LdapValue[], values: readonly LdapValue[]): Modification[] {
  return [
    ...(before.length === 0 ? [] : [{ operation: 'delete', attribute, values: before } as const]),
    ...(values.length === 0 ? [] : [{ operation: 'add', attribute, values } as const]),
  ];
}
