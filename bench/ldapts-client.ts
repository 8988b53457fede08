// The library's own client, alone: the limit.

import { Attribute, type BerReader, type BerWriter, Change, Client, Control, type SearchOptions } from 'ldapts';
import { controlOid } from '../src/ldap/protocol/oids.ts';
import { toWireControl } from '../src/ldap/protocol/request-controls.ts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import type { DirectoryClient } from './directory-client.ts';

/** OpenLDAP 2.5.13 takes one paged search per connection; as many connections for them as our client has. */
const pagerCount = 4;

export async function ldaptsClient({ url, bindDn, password }: OpenLdap): Promise<DirectoryClient> {
  const open = async (): Promise<Client> => {
    const opened = new Client({ url });
    await opened.bind(bindDn, password);
    return opened;
  };
  const client = await open();
  const pagers = await Promise.all(Array.from({ length: pagerCount }, open));
  const inTurn = takeTurns(pagers);
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
    async dereference(base, filter, attributes, attribute) {
      const control = new DerefControl(attribute);
      await client.search(base, { scope: 'sub', filter, attributes: [...attributes] }, control);
      return control.found.size;
    },
    compare: (dn, attribute, value) => client.compare(dn, attribute, value),
    add: (dn, attributes) =>
      client.add(dn, Object.fromEntries(Object.entries(attributes).map(([type, values]) => [type, [...values]]))),
    modify: (dn, operation, attribute, value) =>
      client.modify(dn, new Change({ operation, modification: new Attribute({ type: attribute, values: [value] }) })),
    delete: (dn) => client.del(dn),
    close: async () => void (await Promise.all([client, ...pagers].map((each) => each.unbind()))),
  };
}

/** Runs work with one of `clients` at a time each. */
function takeTurns(clients: readonly Client[]): <T>(use: (client: Client) => Promise<T>) => Promise<T> {
  const queues = clients.map(() => Promise.resolve());
  let turn = 0;
  return async (use) => {
    turn = (turn + 1) % clients.length;
    const [client, before] = [clients[turn], queues[turn]];
    if (client === undefined) throw new Error('There is no client to take turns with');
    const done = Promise.withResolvers<void>();
    queues[turn] = done.promise;
    await before;
    return use(client).finally(done.resolve);
  };
}

/** draft-masarati-ldap-deref, which ldapts 9.2.0 does not bring: what `member` points to, with one attribute. */
class DerefControl extends Control {
  /** Its first value by DN. */
  readonly found = new Map<string, string>();
  readonly #request: Buffer;

  constructor(attribute: string) {
    super(controlOid.deref);
    const { value } = toWireControl({ kind: 'deref', items: [{ attribute: 'member', attributes: [attribute] }] });
    this.#request = value ?? Buffer.alloc(0);
  }

  override writeControl(writer: BerWriter): void {
    writer.writeBuffer(this.#request, 4);
  }

  override parseControl(reader: BerReader): void {
    reader.readSequence();
    const end = reader.offset + reader.length;
    while (reader.offset < end) {
      reader.readSequence();
      const itemEnd = reader.offset + reader.length;
      reader.readString();
      const dn = reader.readString() ?? '';
      while (reader.offset < itemEnd) this.#readAttributes(reader, dn);
    }
  }

  #readAttributes(reader: BerReader, dn: string): void {
    reader.readSequence(0xa0);
    const end = reader.offset + reader.length;
    while (reader.offset < end) {
      reader.readSequence();
      reader.readString();
      reader.readSequence(0x31);
      const valuesEnd = reader.offset + reader.length;
      while (reader.offset < valuesEnd) this.found.set(dn, reader.readString() ?? '');
    }
  }
}
