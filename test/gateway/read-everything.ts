import type { LdapEntry } from '../../src/ldap/entry.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import type { Place } from './harness.ts';

/** Every entry of a place with every value, operational ones too: two texts are equal where nothing has happened between. */
export async function readEverything(directory: DirectoryPort, { peopleDn, groupsDn }: Place): Promise<string> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const found = await Promise.all(
    [peopleDn, groupsDn].map(async (base): Promise<readonly LdapEntry[]> => {
      const request = { base, scope: 'subtree', filter, attributes: ['*', '+'] } as const;
      return (await directory.search(request).collect()).entries;
    }),
  );
  const lines = found.flat().map(({ dn, attributes }) => {
    const values = [...attributes].map(
      ([type, octets]) =>
        `${type}=${octets
          .map((each) => each.toString('hex'))
          .sort()
          .join()}`,
    );
    return `${dn} ${values.sort().join(' ')}`;
  });
  return lines.sort().join('\n');
}
