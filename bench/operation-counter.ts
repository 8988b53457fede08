// How many operations the directory has done, by what it says itself (cn=Monitor), whoever asked for them.

import { Client } from 'ldapts';
import type { OpenLdap } from '../test/directories/openldap/recipe.ts';

export interface OperationCounter {
  /** So far, without the counting itself. */
  count(): Promise<number>;
  close(): Promise<void>;
}

export async function countOperations({ url, rootDn, rootPassword }: OpenLdap): Promise<OperationCounter> {
  const client = new Client({ url });
  await client.bind(rootDn, rootPassword);
  let own = 0;
  return {
    async count() {
      const { searchEntries } = await client.search('cn=Operations,cn=Monitor', {
        scope: 'base',
        attributes: ['monitorOpCompleted'],
      });
      // A search counts when it is over: this one comes into the next answer.
      const counted = Number(searchEntries[0]?.['monitorOpCompleted']) - own;
      own += 1;
      return counted;
    },
    close: () => client.unbind(),
  };
}
