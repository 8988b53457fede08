import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createIdCollector, type IdList } from '../../src/gateway/id-list.ts';
import { firstBehind, listIds, listMatches, pageOf } from '../../src/gateway/match-list.ts';
import { createSnapshots } from '../../src/gateway/snapshots.ts';
import { writeUuid } from '../../src/ldap/syntaxes/uuid.ts';

function collect(ids: readonly string[]): IdList {
  const collector = createIdCollector<string>({
    writeUuid: (id, words, at) => writeUuid(Buffer.from(id), words, at),
    text: (id) => (id === '' ? undefined : id),
  });
  for (const id of ids) collector.add(id);
  return collector.finish();
}

const read = (list: IdList): (string | undefined)[] => Array.from({ length: list.length }, (_, at) => list.at(at));
const expected = (ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => id !== '').sort();

describe('lists of ids', () => {
  // Of few different beginnings, so that many fall together.
  const uuid = fc
    .tuple(fc.constantFrom('00000000', '0000ffff', 'ffffffff', '80000000'), fc.uuid())
    .map(([start, rest]) => start + rest.slice(8));

  it('give UUIDs sorted as texts, each once', () => {
    fc.assert(
      fc.property(fc.array(uuid, { maxLength: 400 }), (ids) => {
        const twice = [...ids, ...ids.slice(0, 10)];
        assert.deepEqual(read(collect(twice)), expected(twice));
      }),
    );
  });

  it('give any other ids too, wherever they come among UUIDs, and nothing for what has none', () => {
    const id = fc.oneof(uuid, fc.string({ maxLength: 8 }), fc.constant('6b2f0a0e-1dd211b2-80e5f7d3-2f4a0001'));
    fc.assert(
      fc.property(fc.array(id, { maxLength: 50 }), (ids) => assert.deepEqual(read(collect(ids)), expected(ids))),
    );
  });

  it('take 16 octets for a UUID', () => {
    const ids = Array.from(
      { length: 5000 },
      (_, n) => `${n.toString(16).padStart(8, '0')}-aaaa-bbbb-cccc-0123456789ab`,
    );
    assert.equal(collect(ids).bytes, 80_000);
  });

  it('know nothing outside of themselves', () => {
    const list = collect(['6b2f0a0e-1dd2-11b2-80e5-f7d32f4a0001']);
    assert.deepEqual([list.at(-1), list.at(1)], [undefined, undefined]);
  });
});

describe('lists of matches', () => {
  const list = listIds([
    { rank: 0, ids: collect(['b', 'a']) },
    { rank: 1, ids: collect([]) },
    { rank: 2, ids: collect(['c', 'a']) },
  ]);
  const match = (rank: number, id: string) => ({ key: undefined, rank, id });
  const compare = (a: { rank: number; id: string }, b: { rank: number; id: string }) =>
    a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

  it('are one type after the other', () => {
    assert.deepEqual(pageOf(list, 0, 10), [match(0, 'a'), match(0, 'b'), match(2, 'a'), match(2, 'c')]);
    assert.deepEqual(pageOf(list, 1, 2), [match(0, 'b'), match(2, 'a')]);
    assert.deepEqual(pageOf(list, 9, 2), []);
    assert.equal(list.length, 4);
  });

  it('are found by what comes before', () => {
    assert.equal(firstBehind(list, match(0, 'aa'), compare), 1);
    assert.equal(firstBehind(list, match(0, 'b'), compare), 2);
    assert.equal(firstBehind(list, match(9, ''), compare), 4);
  });
});

describe('snapshots', () => {
  const ids = (count: number) =>
    listIds([{ rank: 0, ids: collect(Array.from({ length: count }, (_, n) => `id${n}`)) }]);

  it('forget the oldest where they take more memory than they may', () => {
    const one = ids(100);
    const snapshots = createSnapshots({ bytes: 2 * one.bytes + 2000 });
    for (const name of ['first', 'second', 'third']) snapshots.set(name, ids(100));
    assert.deepEqual(
      ['first', 'second', 'third'].map((name) => snapshots.get(name) !== undefined),
      [false, true, true],
    );
  });

  it('keep nothing that is larger than all may be together', () => {
    const snapshots = createSnapshots({ bytes: 1000 });
    snapshots.set('all', ids(1000));
    assert.equal(snapshots.get('all'), undefined);
  });

  it('count the texts that a list is sorted by', () => {
    const key = 'x'.repeat(1000);
    const sorted = listMatches([{ key, rank: 0, id: 'a' }], { sortOrder: 'ascending' });
    assert.ok(sorted.bytes > 2000 && sorted.bytes < 2500, String(sorted.bytes));
  });
});
