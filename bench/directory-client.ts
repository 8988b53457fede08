// The two LDAP clients that the gateway is held against, behind one face: the one that it is built on, and ldapts' own.

import { Attribute, Change, Client, type SearchOptions } from 'ldapts';
import { createDirectory } from '../src/ldap/client/directory.ts';
import { parseLdapFilter } from '../src/ldap/parse-filter.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';

export type Attributes = Readonly<Record<string, readonly string[]>>;

export interface DirectoryClient {
  readonly name: 'client' | 'ldapts';
  /** A subtree search; DN and the wanted attributes of what was found. With `paged` by simple paged results. */
  search(
    base: string,
    filter: string,
    attributes: readonly string[],
    options?: { readonly paged?: number },
  ): Promise<readonly Found[]>;
  add(dn: string, attributes: Attributes): Promise<void>;
  modify(dn: string, operation: 'add' | 'delete' | 'replace', attribute: string, value: string): Promise<void>;
  delete(dn: string): Promise<void>;
  close(): Promise<void>;
}

export interface Found {
  readonly dn: string;
  first(attribute: string): string | undefined;
}

export function ownClient({ url, bindDn, password }: OpenLdap): DirectoryClient {
  const directory = createDirectory({ urls: [url], bind: { dn: bindDn, password }, allowPlaintext: true });
  return {
    name: 'client',
    async search(base, filter, attributes, { paged } = {}) {
      const request = { base, scope: 'subtree', filter: parseLdapFilter(filter), attributes } as const;
      const paging = paged === undefined ? {} : { pageSize: paged };
      return (await directory.search({ ...request, ...paging }).collect()).entries;
    },
    async add(dn, attributes) {
      await directory.add({ dn, attributes: Object.entries(attributes).map(([type, values]) => ({ type, values })) });
    },
    async modify(dn, operation, attribute, value) {
      await directory.modify({ dn, modifications: [{ operation, attribute, values: [value] }] });
    },
    async delete(dn) {
      await directory.delete({ dn });
    },
    close: () => directory.close(),
  };
}

export async function ldaptsClient({ url, bindDn, password }: OpenLdap): Promise<DirectoryClient> {
  const open = async (): Promise<Client> => {
    const opened = new Client({ url });
    await opened.bind(bindDn, password);
    return opened;
  };
  const client = await open();
  // OpenLDAP 2.5.13 takes one paged search per connection; as many connections for them as our client has.
  const pagers = await Promise.all(Array.from({ length: 4 }, open));
  const queues = pagers.map(() => Promise.resolve());
  let turn = 0;
  const inTurn = async <T>(use: (pager: Client) => Promise<T>): Promise<T> => {
    turn = (turn + 1) % pagers.length;
    const done = Promise.withResolvers<void>();
    const before = queues[turn];
    const pager = pagers[turn] ?? client;
    queues[turn] = done.promise;
    await before;
    return use(pager).finally(done.resolve);
  };
  return {
    name: 'ldapts',
    async search(base, filter, attributes, { paged } = {}) {
      const options: SearchOptions = { scope: 'sub', filter, attributes: [...attributes] };
      const { searchEntries } =
        paged === undefined
          ? await client.search(base, options)
          : await inTurn((pager) => pager.search(base, { ...options, paged: { pageSize: paged } }));
      return searchEntries.map((entry) => ({
        dn: entry.dn,
        first(attribute) {
          const [value] = [entry[attribute] ?? []].flat();
          return value?.toString();
        },
      }));
    },
    add: (dn, attributes) =>
      client.add(dn, Object.fromEntries(Object.entries(attributes).map(([type, values]) => [type, [...values]]))),
    modify: (dn, operation, attribute, value) =>
      client.modify(dn, new Change({ operation, modification: new Attribute({ type: attribute, values: [value] }) })),
    delete: (dn) => client.del(dn),
    close: async () => void (await Promise.all([client, ...pagers].map((each) => each.unbind()))),
  };
}
