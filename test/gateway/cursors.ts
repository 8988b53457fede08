// Walks by cursor (RFC 9865) over what two replicas with the same secret share: nothing but the directory.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, servePlace } from './harness.ts';
import type { LifeCycleDirectory } from './life-cycle.ts';

export function describeCursors(name: string, start: () => Promise<LifeCycleDirectory>): void {
  describe(`cursors on ${name}`, () => {
    let one: ServedGateway;
    let two: ServedGateway;
    let stranger: ServedGateway;

    before(async () => {
      const place = await start();
      const shared = { cursorSecret: randomBytes(32) };
      [one, two] = [await servePlace(place, shared), await servePlace(place, shared)];
      stranger = await servePlace(place, { cursorSecret: randomBytes(32) });
      const titles = ['b', 'B', 'a', 'c', undefined];
      const bodies = Array.from({ length: 23 }, (_, index): JsonObject => {
        const title = titles[index % titles.length];
        return {
          schemas: [urns.user],
          userName: `cursor-${String(index).padStart(2, '0')}`,
          ...(title === undefined ? {} : { title }),
        };
      });
      const answers = await Promise.all(bodies.map((body) => one.scim('POST', '/Users', body)));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    });
    after(async () => {
      for (const served of [one, two, stranger]) await served.stop();
    });

    const query = 'filter=userName%20sw%20%22cursor-%22&attributes=userName,title';
    const page = (served: ServedGateway, parameters: string) => served.scim('GET', `/Users?${query}&${parameters}`);
    const namesIn = (body: JsonObject): string[] =>
      (body['Resources'] as unknown as { userName: string }[]).map(({ userName }) => userName);
    /** Every page from another replica than the one before. */
    const walk = async (
      parameters: string,
      between: () => Promise<unknown> = async () => undefined,
    ): Promise<string[][]> => {
      const pages: string[][] = [];
      let cursor: unknown = '';
      while (cursor !== undefined) {
        const { status, body } = await page(
          pages.length % 2 === 0 ? one : two,
          `${parameters}&cursor=${String(cursor)}`,
        );
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body['startIndex'], undefined);
        pages.push(namesIn(body));
        cursor = body['nextCursor'];
        await between();
      }
      return pages;
    };

    for (const [rule, parameters] of [
      ['R2 R3 R18', 'count=5'],
      ['R3 R18 a last page that is full', 'count=23'],
      ['R18 pages of one', 'count=1'],
      ['H11 R18', 'count=4&sortBy=title'],
      ['H11 R18 descending', 'count=4&sortBy=title&sortOrder=descending'],
    ] as const) {
      it(`${rule} every resource comes once, in the order of index pages`, async () => {
        const pages = await walk(parameters);
        const { body } = await page(one, `${parameters.replace(/count=\d+/, 'count=100')}&startIndex=1`);
        assert.deepEqual(pages.flat(), namesIn(body));
        assert.equal(pages.flat().length, 23);
        assert.ok(pages.every((each) => each.length > 0));
      });
    }

    it('R18 goes on where the last resource of a page was deleted meanwhile', async () => {
      const { body } = await one.scim('POST', '/Users', { schemas: [urns.user], userName: 'cursor-zz' });
      const pages: string[] = [];
      const first = await page(one, 'count=100&cursor=');
      const names = namesIn(first.body);
      const before = names.indexOf('cursor-zz');
      const start = await page(one, `count=${before + 1}&cursor=`);
      pages.push(...namesIn(start.body));
      assert.equal((await one.scim('DELETE', `/Users/${String(body['id'])}`)).status, 204);
      const next = start.body['nextCursor'];
      if (next === undefined) return;
      const rest = await page(two, `count=${before + 1}&cursor=${String(next)}`);
      assert.equal(namesIn(rest.body)[0], names[before + 1]);
    });

    it('R6 count 0 gives the total alone', async () => {
      const { body } = await page(one, 'count=0&cursor=');
      assert.deepEqual([body['totalResults'], body['Resources'], body['nextCursor']], [23, [], undefined]);
    });

    it('R8 R10 R11 R15 R16 refuses what is no cursor of this query', async () => {
      const { body } = await page(one, 'count=5&cursor=');
      const cursor = String(body['nextCursor']);
      const cases: readonly [ServedGateway, string, string][] = [
        [one, `/Users?${query}&count=5&cursor=garbage`, 'invalidCursor'],
        [one, `/Users?${query}&count=6&cursor=${cursor}`, 'invalidCount'],
        [one, `/Users?count=5&cursor=${cursor}`, 'invalidCursor'],
        [one, `/Users?${query}&sortBy=title&count=5&cursor=${cursor}`, 'invalidCursor'],
        [one, `/Groups?count=5&cursor=${cursor}`, 'invalidCursor'],
        [stranger, `/Users?${query}&count=5&cursor=${cursor}`, 'invalidCursor'],
        [one, `/Users?${query}&count=5&cursor=${cursor}&startIndex=1`, 'invalidValue'],
      ];
      for (const [served, path, scimType] of cases) {
        const answer = await served.scim('GET', path);
        assert.deepEqual([answer.status, answer.body['scimType']], [400, scimType], path);
      }
    });

    it('R13 pages by .search, and over all types', async () => {
      const body = { schemas: [urns.searchRequest], filter: 'userName sw "cursor-"', count: 10, cursor: '' };
      const first = await one.scim('POST', '/Users/.search', body);
      const second = await two.scim('POST', '/Users/.search', { ...body, cursor: first.body['nextCursor'] });
      assert.deepEqual([namesIn(first.body).length, namesIn(second.body).length], [10, 10]);
      const all = await one.scim('POST', '/.search', { ...body, count: 100 });
      assert.deepEqual([all.body['totalResults'], all.body['nextCursor']], [23, undefined]);
    });
  });
}
