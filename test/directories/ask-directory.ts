// Short words for the tests of facts about a directory: one operation each, by the client that the gateway uses.
import assert from 'node:assert/strict';
import { createDirectory, type Directory } from '../../src/ldap/client/directory.ts';
import type { TlsConfig } from '../../src/ldap/client/directory-config.ts';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { LdapError } from '../../src/ldap/errors.ts';
import { present } from '../../src/ldap/filter.ts';
import type { LdapResult, Modification, RequestControl, SearchRequest } from '../../src/ldap/operations.ts';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';

type Change = readonly [Modification['operation'], string, ...(string | Buffer)[]];
type Attributes = Readonly<Record<string, string | readonly string[]>>;

export interface AskDirectory {
  add(dn: string, attributes: Attributes): Promise<LdapResult>;
  change(dn: string, modifications: readonly Change[], controls?: readonly RequestControl[]): Promise<LdapResult>;
  readEntry(dn: string, attributes: readonly string[], controls?: readonly RequestControl[]): Promise<LdapEntry>;
  /** The values of one attribute. */
  read(dn: string, attribute: string): Promise<string[]>;
  /** What `naming` is of the entries found right below `base`. */
  find(base: string, naming: string, filter: string, more?: Partial<SearchRequest>): Promise<string[]>;
}

export function askDirectory(directory: Directory): AskDirectory {
  const readEntry: AskDirectory['readEntry'] = async (base, attributes, controls = []) => {
    const filter = present('objectClass');
    const { entries } = await directory.search({ base, scope: 'base', filter, attributes, controls }).collect();
    const [entry] = entries;
    assert.ok(entry, `${base} is not there`);
    return entry;
  };
  return {
    add: (dn, attributes) =>
      directory.add({
        dn,
        attributes: Object.entries(attributes).map(([type, values]) => ({ type, values: [values].flat() })),
      }),
    change: (dn, modifications, controls = []) =>
      directory.modify({
        dn,
        modifications: modifications.map(([operation, attribute, ...values]) => ({ operation, attribute, values })),
        controls,
      }),
    readEntry,
    read: async (dn, attribute) => (await readEntry(dn, [attribute])).strings(attribute),
    async find(base, naming, filter, more = {}) {
      const { entries } = await directory
        .search({ base, scope: 'one', filter: parseLdapFilter(filter), attributes: [naming], ...more })
        .collect();
      return entries.map((entry) => entry.first(naming) ?? '');
    },
  };
}

/** Binds as somebody else. */
export async function bindAs(
  { url, tls }: { readonly url: string; readonly tls?: TlsConfig },
  dn: string,
  password: string,
): Promise<void> {
  const other = createDirectory({ urls: [url], bind: { dn, password }, ...(tls === undefined ? {} : { tls }) });
  try {
    await other.rootDse();
  } finally {
    await other.close();
  }
}

/** An answer with that result code. */
export function rejects(promise: Promise<unknown>, code: number): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof LdapError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
