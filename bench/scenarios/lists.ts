// Lists: pages, walks over all pages, and a filter that LDAP cannot say all of.

import type { Company } from '../company.ts';
import type { DirectoryClient } from '../directory-client.ts';
import type { HttpClient } from '../http-client.ts';
import { workOf } from './directory-work.ts';
import type { Scenario } from './scenario.ts';
import { find } from './single-people.ts';

const count = 100;
/** A page is a hundred look-ups at once, and slapd closes a connection on which a thousand wait (conn_max_pending_auth). */
const clients = 8;

export function lists(company: Company): readonly Scenario[] {
  const all = company.ids();
  const deep = Math.floor(all.length * 0.9);
  const work = (directory: DirectoryClient) => workOf(company, directory);
  const walk = async (directory: DirectoryClient): Promise<void> => {
    const ids = await work(directory).allIds();
    for (let start = 0; start < ids.length; start += count) await work(directory).page(ids.slice(start, start + count));
  };
  const idsOfAll = 'the ids of all, in pages of 500';
  const everyId = 'linear: totalResults is exact, so the ids of all are read';
  const pageOperations = `${count} entries by id; their groups`;
  const everyPage = 'linear: there are as many pages more';
  return [
    {
      name: `first page of ${count}`,
      operations: `${idsOfAll}; ${pageOperations}`,
      growth: everyId,
      clients,
      requests: 2 * clients,
      ask: (http) => http.send('GET', `/Users?count=${count}`),
      async limit(directory) {
        const ids = await work(directory).allIds();
        await work(directory).page(ids.slice(0, count));
      },
    },
    {
      name: `first page of ${count} against the ids alone, one client`,
      operations: idsOfAll,
      growth: everyId,
      clients: 1,
      heavy: true,
      requests: 3,
      ask: (http) => http.send('GET', `/Users?count=${count}`),
      limit: (directory) => work(directory).allIds(),
    },
    {
      name: 'page at 90 % depth, warm',
      operations: pageOperations,
      growth: 'flat: the ids are kept, a page fetches its own entries',
      clients,
      ask: (http) => http.send('GET', `/Users?startIndex=${deep + 1}&count=${count}`),
      limit: (directory) => work(directory).page(all.slice(deep, deep + count)),
    },
    {
      name: 'full walk by startIndex',
      operations: `${idsOfAll}; for each page ${pageOperations}`,
      growth: everyPage,
      clients: 1,
      heavy: true,
      requests: 1,
      ask: (http) => walkByStartIndex(http, all.length),
      limit: walk,
    },
    {
      name: 'full walk by cursor',
      operations: `${idsOfAll}; for each page ${pageOperations}`,
      growth: everyPage,
      clients: 1,
      heavy: true,
      requests: 1,
      ask: (http) => walkByCursor(http, all.length),
      limit: walk,
    },
    {
      name: 'filter with a residual',
      operations: `${company.namesakes} entries; the groups of those that match`,
      growth: 'flat: an index look-up brings as many candidates',
      ask: (http, index) => http.send('GET', find(`name.givenName eq "${company.givenName(index)}" and title gt "D"`)),
      async limit(directory, index) {
        const candidates = await work(directory).people(`(givenName=${company.givenName(index)})(title=*)`);
        const matches = candidates.filter((entry) => (entry.first('title') ?? '') > 'D');
        await Promise.all(matches.map(({ dn }) => work(directory).groupsOf(dn)));
      },
    },
  ];
}

interface Page {
  readonly Resources: readonly unknown[];
  readonly nextCursor?: string;
}

async function walkByStartIndex(http: HttpClient, total: number): Promise<void> {
  let seen = 0;
  for (let startIndex = 1; startIndex <= total; startIndex += count) {
    const answer = await http.send('GET', `/Users?startIndex=${startIndex}&count=${count}`);
    seen += (answer.json() as Page).Resources.length;
  }
  if (seen !== total) throw new Error(`A walk by startIndex saw ${seen} of ${total} people`);
}

async function walkByCursor(http: HttpClient, total: number): Promise<void> {
  let seen = 0;
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const answer = await http.send('GET', `/Users?cursor=${encodeURIComponent(cursor)}&count=${count}`);
    const page = answer.json() as Page;
    seen += page.Resources.length;
    cursor = page.nextCursor;
  }
  if (seen !== total) throw new Error(`A walk by cursor saw ${seen} of ${total} people`);
}
