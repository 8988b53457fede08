// The client that the gateway is built on, alone.

import { createDirectory } from '../src/ldap/client/directory.ts';
import { parseLdapFilter } from '../src/ldap/parse-filter.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import type { DirectoryClient } from './directory-client.ts';

export function ownClient({ url, bindDn, password }: OpenLdap): DirectoryClient {
  const directory = createDirectory({ urls: [url], bind: { dn: bindDn, password }, allowPlaintext: true });
  return {
    name: 'client',
    async search(base, filter, attributes, { paged } = {}) {
      const request = { base, scope: 'subtree', filter: parseLdapFilter(filter), attributes } as const;
      const paging = paged === undefined ? {} : { pageSize: paged };
      return (await directory.search({ ...request, ...paging }).collect()).entries;
    },
    async dereference(base, filter, attributes, attribute) {
      const request = { base, scope: 'subtree', filter: parseLdapFilter(filter), attributes } as const;
      const items = [{ attribute: 'member', attributes: [attribute] }];
      const { entries } = await directory.search({ ...request, controls: [{ kind: 'deref', items }] }).collect();
      const members = entries.flatMap((entry) => Array.from(entry.dereferenced?.get('member') ?? []));
      return members.filter(({ entry }) => entry.first(attribute) !== undefined).length;
    },
    compare: (dn, attribute, value) => directory.compare({ dn, attribute, value }),
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
