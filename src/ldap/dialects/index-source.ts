// How one learns of a product which attributes are indexed: where it keeps that, and how it says it. Reading it is left to
// whoever has a directory at hand.
import { dnKey, isWithin, parentDn } from '../dn.ts';
import type { LdapEntry } from '../entry.ts';
import { equality, or, present } from '../filter.ts';
import type { SearchRequest } from '../operations.ts';

export interface IndexSource {
  /** What tells it. */
  search(rootDse: LdapEntry): SearchRequest;
  /** Attributes, in lower case, by which entries below `base` are found quickly by equality; undefined where nothing tells. */
  read(entries: readonly LdapEntry[], base: string): ReadonlySet<string> | undefined;
  /** What makes such an index. */
  remedy(attribute: string): string;
}

/** Of cn=config, as OpenLDAP 2.5.13 has it. */
export const openldapIndexes: IndexSource = {
  search: () => ({
    base: 'cn=config',
    scope: 'one',
    filter: present('olcSuffix'),
    attributes: ['olcSuffix', 'olcDbIndex'],
  }),
  read(entries, base) {
    const database = longest(entries, (entry) => entry.strings('olcSuffix'), base);
    if (database === undefined) return undefined;
    const lines = database.strings('olcDbIndex').map((line) => {
      const [names = '', kinds = ''] = line.trim().split(/\s+/);
      return {
        names: names.toLowerCase().split(','),
        kinds: kinds === '' ? undefined : kinds.toLowerCase().split(','),
      };
    });
    const standing = lines.find(({ names }) => names.includes('default'))?.kinds ?? [];
    const indexed = lines.filter(({ kinds }) => (kinds ?? standing).includes('eq')).flatMap(({ names }) => names);
    // Kept without being asked for.
    return new Set([...indexed, 'entrydn']);
  },
  remedy: (attribute) => `add "olcDbIndex: ${attribute} eq" to the database in cn=config`,
};

/** Of the ldbm database plug-in, as 389 Directory Server 2.3.1 has it. */
export const ds389Indexes: IndexSource = {
  search: () => ({
    base: 'cn=ldbm database,cn=plugins,cn=config',
    scope: 'subtree',
    filter: or(equality('objectClass', 'nsIndex'), equality('objectClass', 'nsBackendInstance')),
    attributes: ['cn', 'nsIndexType', 'nsslapd-suffix'],
  }),
  read(entries, base) {
    const backend = longest(entries, (entry) => entry.strings('nsslapd-suffix'), base);
    if (backend === undefined) return undefined;
    const own = entries.filter(({ dn }) => dnKey(parentDn(parentDn(dn))) === dnKey(backend.dn));
    const indexed = own.filter((entry) => entry.strings('nsIndexType').some((kind) => kind.toLowerCase() === 'eq'));
    return new Set([...indexed.flatMap((entry) => entry.strings('cn')), 'entrydn'].map((name) => name.toLowerCase()));
  },
  remedy: (attribute) => `dsconf <instance> backend index add --attr ${attribute} --index-type eq --reindex <backend>`,
};

/** Of searchFlags in the schema (MS-ADTS 2.2.10), the first bit. */
export const activeDirectoryIndexes: IndexSource = {
  search: (rootDse) => ({
    base: rootDse.first('schemaNamingContext') ?? '',
    scope: 'one',
    filter: {
      kind: 'extensible',
      attribute: 'searchFlags',
      rule: '1.2.840.113556.1.4.803',
      value: '1',
      dnAttributes: false,
    },
    attributes: ['lDAPDisplayName'],
  }),
  read(entries) {
    const names = entries.flatMap((entry) => entry.strings('lDAPDisplayName'));
    // Linked attributes have an index of their own.
    return names.length === 0
      ? undefined
      : new Set([...names, 'member', 'memberOf', 'manager'].map((name) => name.toLowerCase()));
  },
  remedy: (attribute) => `set the first bit of searchFlags of ${attribute} in the schema`,
};

function longest(
  entries: readonly LdapEntry[],
  suffixesOf: (entry: LdapEntry) => readonly string[],
  base: string,
): LdapEntry | undefined {
  const found = entries
    .flatMap((entry) => suffixesOf(entry).map((suffix) => ({ entry, suffix })))
    .filter(({ suffix }) => isWithin(base, suffix, 'subtree'));
  return found.toSorted((a, b) => b.suffix.length - a.suffix.length)[0]?.entry;
}
