import { LdapEntry } from '../entry.ts';
import { filterAttributes, type LdapFilter } from '../filter.ts';
import { baseKey } from './describe-attribute.ts';
import type { DirectoryState } from './directory-state.ts';
import type { StoredEntry } from './stored-entry.ts';

/** Attributes that no entry holds: they follow from where it stands (RFC 4512 s3.4, RFC 5020). */
const COMPUTED = ['structuralObjectClass', 'entryDN', 'subschemaSubentry', 'hasSubordinates'] as const;

export const SUBSCHEMA_DN = 'cn=Subschema';

type Values = readonly Buffer[];
const NONE: Values = [];

function computed(name: (typeof COMPUTED)[number], entry: StoredEntry): Values {
  switch (name) {
    case 'structuralObjectClass':
      return [Buffer.from(entry.structuralObjectClass)];
    case 'entryDN':
      return [Buffer.from(entry.dn)];
    case 'subschemaSubentry':
      return [Buffer.from(SUBSCHEMA_DN)];
    case 'hasSubordinates':
      return [Buffer.from(entry.childCount > 0 ? 'TRUE' : 'FALSE')];
  }
}

/** `memberOf` as a dynamic attribute: the groups that name the entry now. */
function memberOf(state: DirectoryState, entry: StoredEntry): Values {
  return state.memberOf ? Array.from(state.store.lookup('member', entry.key), (group) => Buffer.from(group.dn)) : NONE;
}

/** Decides by attribute key without options, so that a password stays out of sight. */
export type MayRead = (attribute: string, entry: StoredEntry) => boolean;

interface SelectionOptions {
  /** Names alone, as `typesOnly` of a search asks for. */
  readonly typesOnly?: boolean;
  /** Names in lower case, as filters want them; else in the schema's spelling, as they go over the wire. */
  readonly folded?: boolean;
}

/**
 * What of an entry a client asks for, in the words of RFC 4511 s4.5.1.8, RFC 3673 (`+`) and RFC 4529 (`@class`). A name also
 * asks for its subtypes and for its forms with options (RFC 4512 s2.5).
 */
export function compileSelection(
  state: DirectoryState,
  requested: readonly string[],
  mayRead: MayRead,
  { typesOnly = false, folded = false }: SelectionOptions = {},
): (entry: StoredEntry) => LdapEntry {
  const isWanted = compileDecision(state, requested);
  const computedNames = COMPUTED.filter((name) => isWanted(name.toLowerCase()));
  const withMemberOf = state.memberOf && isWanted('memberof');

  return (entry) => {
    const attributes = new Map<string, Values>();
    const put = (name: string, key: string, values: () => Values) =>
      attributes.set(folded ? key : name, typesOnly ? NONE : values());
    for (const [key, set] of entry.attributes)
      if (isWanted(key) && mayRead(baseKey(key), entry)) put(set.attribute.name, key, () => set.values);
    for (const name of computedNames) put(name, name.toLowerCase(), () => computed(name, entry));
    if (withMemberOf) {
      const groups = memberOf(state, entry);
      if (groups.length > 0) put('memberOf', 'memberof', () => groups);
    }
    return new LdapEntry(entry.dn, attributes);
  };
}

/** Whether an attribute key is among what was asked for; each key is decided once. */
function compileDecision(state: DirectoryState, requested: readonly string[]): (key: string) => boolean {
  const names = requested.length === 0 ? ['*'] : requested;
  const allUser = names.includes('*');
  const allOperational = names.includes('+');
  const wanted = new Set(names.flatMap((name) => expand(state, name)));
  const decisions = new Map<string, boolean>();
  const decide = (key: string): boolean => {
    let type = state.describe(baseKey(key))?.type;
    if (type === undefined) return false;
    if (type.usage === 'userApplications' ? allUser : allOperational) return true;
    if (wanted.has(key)) return true;
    while (type !== undefined) {
      if (wanted.has((type.names[0] ?? type.oid).toLowerCase())) return true;
      type = type.superior === undefined ? undefined : state.subschema.attributeType(type.superior);
    }
    return false;
  };
  return (key) => {
    const decision = decisions.get(key) ?? decide(key);
    decisions.set(key, decision);
    return decision;
  };
}

function expand(state: DirectoryState, name: string): readonly string[] {
  if (!name.startsWith('@')) return [state.describe(name)?.key ?? name.toLowerCase()];
  const { must, may } = state.subschema.allowed([name.slice(1)]);
  return [...must, ...may];
}

/** The entry as a filter sees it: the attributes that the filter names. */
export function compileFilterView(
  state: DirectoryState,
  filter: LdapFilter,
  mayRead: MayRead,
): (entry: StoredEntry) => LdapEntry {
  const names = namesAllAttributes(filter) ? ['*', '+'] : ['1.1', ...filterAttributes(filter)];
  return compileSelection(state, names, mayRead, { folded: true });
}

/** An extensible match without an attribute looks at all of them (RFC 4511 s4.5.1.7.7). */
function namesAllAttributes(filter: LdapFilter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.some(namesAllAttributes);
    case 'not':
      return namesAllAttributes(filter.filter);
    case 'extensible':
      return filter.attribute === undefined;
    case 'present':
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
    case 'substrings':
      return false;
  }
}
