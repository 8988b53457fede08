import assert from 'node:assert/strict';
import { list, object, query, useGateway } from './use-gateway.ts';

describe('R cursors', () => {
  const gateway = useGateway();
  const { read } = gateway;
  before(async () => {
    for (let n = 0; n < 5; n += 1) await gateway.user(`r${n}`);
  });

  it('R3 R4 R6 R7 R18 every page has the total, the last one no nextCursor, the first one no previousCursor', async () => {
    const seen: unknown[] = [];
    let cursor: string | undefined = '';
    for (let page = 0; cursor !== undefined; page += 1) {
      const body = await read(`/Users?${query({ cursor, count: '2', sortBy: 'userName' })}`);
      if (page === 0) assert.equal(body['previousCursor'], undefined);
      assert.deepEqual([body['totalResults'], body['startIndex']], [5, undefined]);
      assert.equal(body['itemsPerPage'], page < 2 ? 2 : 1);
      seen.push(...list(body['Resources']).map(({ userName }) => userName));
      cursor = body['nextCursor'] as string | undefined;
      assert.equal(cursor === undefined, page === 2);
    }
    assert.deepEqual(seen, ['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('R12 R17 who does not ask for cursors gets none', async () => {
    const { pagination } = await read('/ServiceProviderConfig');
    assert.equal(object(pagination)['defaultPaginationMethod'], 'index');
    const { nextCursor, startIndex, itemsPerPage } = await read('/Users?count=2');
    assert.deepEqual([nextCursor, startIndex, itemsPerPage], [undefined, 1, 2]);
  });
});
