// A directory that exists nowhere: the gateway runs against it, so that one sees what it would send, and nothing is asked
// or written. Given entries are all that there is; without any, an entry is invented where a request names one. Writes
// succeed, and what is read after them is what they wrote.

import type { Dialect } from '../ldap/dialects/dialect.ts';
import { childDn, dnKey, isWithin, parentDn } from '../ldap/dn.ts';
import { type DereferencedValue, entryOf, LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import { matchFilter } from '../ldap/match-filter.ts';
import { compileMatchedValues } from '../ldap/matched-values.ts';
import type { LdapResult, RequestControl, SearchRequest } from '../ldap/operations.ts';
import type { DirectoryPort, SearchStream } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';
import { anyId, equalities, inventAt, inventEntry, mayMatch } from './invent-entry.ts';

export interface ImaginedOptions {
  readonly mapping: CompiledMapping;
  readonly dialect: Dialect;
  /** All that the directory holds; absent: what is asked for is invented. */
  readonly entries?: readonly LdapEntry[];
  /** Searches that name no id find an invented entry, too: those of a request that only reads. */
  readonly findsAny: boolean;
}

export interface ImaginedDirectory extends DirectoryPort {
  /** From now on the entry is there. */
  remember(entry: LdapEntry): void;
  /** Whether the DN is one that was written, or remembered. */
  knows(dn: string): boolean;
}

export function imagineDirectory(options: ImaginedOptions): ImaginedDirectory {
  const { mapping, dialect } = options;
  const held = new Map((options.entries ?? []).map((entry) => [dnKey(entry.dn), entry]));
  const inventing = options.entries === undefined;
  const put = (entry: LdapEntry): void => void held.set(dnKey(entry.dn), entry);

  const at = (dn: string): LdapEntry => {
    const entry = held.get(dnKey(dn)) ?? (inventing ? inventAt(mapping, dn) : undefined);
    if (entry === undefined) throw new LdapError(resultCode.noSuchObject);
    return entry;
  };
  const find = (request: SearchRequest): readonly LdapEntry[] => {
    if (request.scope === 'base') return [at(request.base)];
    const types = mapping.resourceTypes.filter(({ entry }) =>
      entry.bases.some((base) => dnKey(base) === dnKey(request.base)),
    );
    if (!inventing) {
      return [...held.values()].filter(
        (entry) => isWithin(entry.dn, request.base, request.scope) && fits(request.filter, entry, types),
      );
    }
    return types.flatMap((type) => inventFor(type, request.filter));
  };
  const fits = (filter: LdapFilter, entry: LdapEntry, types: readonly ResourceMapping[]): boolean =>
    matchFilter(filter, entry, mapping.subschema) ?? types.some((type) => mayMatch(filter, entry, type));
  const inventFor = (type: ResourceMapping, filter: LdapFilter): readonly LdapEntry[] => {
    const ids = namedIds(type, filter);
    if (ids.length === 0 && !options.findsAny) return [];
    const said = ids.length === 0 ? equalities(filter) : [];
    return (ids.length === 0 ? [anyId] : ids).flatMap((id) => {
      const entry = inventEntry(mapping, type, id, said);
      return entry !== undefined && mayMatch(filter, entry, type) ? [entry] : [];
    });
  };
  const dereferenced = (entry: LdapEntry, controls: readonly RequestControl[]): LdapEntry => {
    const followed = new Map<string, DereferencedValue[]>();
    const follow = (attribute: string): void => {
      for (const dn of entry.strings(attribute)) {
        const target = held.get(dnKey(dn)) ?? (inventing ? inventAt(mapping, dn) : undefined);
        const guid = dialect.capabilities.deref ? undefined : guidOf(target);
        const told = { dn, entry: guid === undefined && target !== undefined ? target : new LdapEntry(dn, new Map()) };
        const key = attribute.toLowerCase();
        followed.set(key, [...(followed.get(key) ?? []), guid === undefined ? told : { ...told, guid }]);
      }
    };
    for (const control of controls) {
      if (control.kind === 'deref') for (const { attribute } of control.items) follow(attribute);
      if (control.kind === 'extendedDn') {
        const names = mapping.resourceTypes.flatMap(({ mappers }) =>
          mappers.flatMap(({ reference }) => reference ?? []),
        );
        for (const { attribute, by } of names) if (by === undefined) follow(attribute);
      }
    }
    return followed.size === 0 ? entry : new LdapEntry(entry.dn, entry.attributes, followed);
  };
  const withMatchedValues = (entry: LdapEntry, controls: readonly RequestControl[]): LdapEntry => {
    const control = controls.find((each) => each.kind === 'matchedValues');
    return control === undefined ? entry : compileMatchedValues(control.tests, mapping.subschema)(entry);
  };
  const guidOf = (entry: LdapEntry | undefined): Buffer | undefined => {
    const { extendedDn } = dialect.capabilities;
    return extendedDn === undefined ? undefined : entry?.bytes(extendedDn)[0];
  };
  const written = (entry: LdapEntry | undefined): Promise<LdapResult> =>
    Promise.resolve({ code: 0, controls: entry === undefined ? {} : { postRead: entry } });

  return {
    remember: put,
    knows: (dn) => held.has(dnKey(dn)),
    search: (request) =>
      streamOf(() =>
        find(request).map((entry) => {
          const { attributes, controls = [] } = request;
          return dereferenced(withMatchedValues(selected(entry, attributes), controls), controls);
        }),
      ),
    add(request) {
      const entry = entryOf(request);
      const classes = new Set(entry.strings('objectClass').map((name) => name.toLowerCase()));
      const type = mapping.resourceTypes.find(
        ({ entry: { bases, scope, objectClasses } }) =>
          bases.some((base) => isWithin(request.dn, base, scope)) &&
          objectClasses.every((name) => classes.has(name.toLowerCase())),
      );
      const invented = type === undefined ? undefined : inventEntry(mapping, type, anyId);
      const id = type === undefined ? [] : (invented?.bytes(type.id.attribute) ?? []);
      const version =
        type?.version === undefined ? [] : ([[type.version.toLowerCase(), [Buffer.from('<version>')]]] as const);
      const whole = new Map([...entry.attributes, ...version]);
      if (type !== undefined) whole.set(type.id.attribute.toLowerCase(), id);
      const made = new LdapEntry(request.dn, whole);
      put(made);
      return written(asksPostRead(request.controls) ? made : undefined);
    },
    modify({ dn, controls = [], modifications }) {
      // A number is drawn from a counter.
      const numbers = modifications.filter(({ operation }) => operation === 'increment');
      if (numbers.length > 0) {
        const next = numbers.map(({ attribute }) => ({ type: attribute, values: [`<next ${attribute}>`] }));
        return Promise.resolve({ code: 0, controls: { preRead: entryOf({ dn, attributes: next }) } });
      }
      return written(asksPostRead(controls) ? (held.get(dnKey(dn)) ?? inventAt(mapping, dn)) : undefined);
    },
    modifyDn({ dn, newRdn, newSuperior, controls }) {
      const before = held.get(dnKey(dn)) ?? inventAt(mapping, dn);
      const after = childDn(newRdn, newSuperior ?? parentDn(dn));
      const entry = new LdapEntry(after, before?.attributes ?? new Map());
      held.delete(dnKey(dn));
      put(entry);
      return written(asksPostRead(controls) ? entry : undefined);
    },
    delete({ dn }) {
      held.delete(dnKey(dn));
      return written(undefined);
    },
    compare: ({ dn, attribute, value }) =>
      Promise.resolve(
        held
          .get(dnKey(dn))
          ?.strings(attribute)
          .some((each) => each.toLowerCase() === String(value).toLowerCase()) ?? false,
      ),
    passwordModify: () => Promise.resolve(undefined),
    rootDse: () => Promise.reject(new LdapError(resultCode.noSuchObject)),
    subschema: () => Promise.resolve(mapping.subschema),
    close: () => Promise.resolve(),
  };
}

/** What was asked for, and no more: what nobody reads is told to nobody. */
function selected(entry: LdapEntry, names: readonly string[]): LdapEntry {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return new LdapEntry(entry.dn, new Map([...entry.attributes].filter(([name]) => wanted.has(name))));
}

function asksPostRead(controls: readonly RequestControl[] = []): boolean {
  return controls.some(({ kind }) => kind === 'postRead');
}

/** The ids that a filter asks for, as clients know them. */
function namedIds({ id }: Pick<ResourceMapping, 'id'>, filter: LdapFilter): string[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.filters.flatMap((each) => namedIds({ id }, each));
  if (filter.kind !== 'equality' || filter.attribute.toLowerCase() !== id.attribute.toLowerCase()) return [];
  const text = id.transform.toScim([Buffer.from(filter.value)], 0);
  return typeof text === 'string' ? [text] : [];
}

function streamOf(find: () => readonly LdapEntry[]): SearchStream {
  const found = Promise.resolve().then(find);
  const result = found.then(() => ({ code: 0, controls: {}, references: [] }));
  // Whoever reads the entries meets the error there.
  result.catch(() => undefined);
  return {
    async visit(take) {
      for (const entry of await found) take(entry);
      return result;
    },
    collect: async () => ({ entries: await found, result: await result }),
    result,
    async *[Symbol.asyncIterator]() {
      yield* await found;
    },
  };
}
