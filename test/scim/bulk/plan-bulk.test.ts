import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BulkOperation } from '../../../src/scim/bulk/bulk.ts';
import { type BulkStep, planBulk } from '../../../src/scim/bulk/plan-bulk.ts';
import type { JsonObject } from '../../../src/scim/json.ts';
import { urns } from '../../../src/scim/urns.ts';
import { groupType, userType } from '../sample.ts';

const user = (bulkId: string, userName = bulkId): BulkOperation => ({
  method: 'POST',
  bulkId,
  resourceType: userType,
  data: { userName },
});
const group = (bulkId: string, ...members: readonly string[]): BulkOperation => ({
  method: 'POST',
  bulkId,
  resourceType: groupType,
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
});
const patch = (id: string, operation: JsonObject): BulkOperation => ({
  method: 'PATCH',
  resourceType: userType,
  target: { id },
  data: { schemas: [urns.patchOp], Operations: [operation] },
});
const remove = (id: string): BulkOperation => ({ method: 'DELETE', resourceType: userType, target: { id } });

const shortOf = (steps: readonly BulkStep[]): string[] =>
  steps.map(({ index, kind, postponed }) => {
    const without = postponed.size === 0 ? '' : ` ${kind === 'run' ? 'without' : 'with'} ${[...postponed].join()}`;
    return `${index}${without}`;
  });
/** Whether the steps of two operations that are run one after another have to be. */
const isOrdered = (...operations: readonly [BulkOperation, BulkOperation]): boolean => {
  const [, second] = planBulk(operations);
  return second?.after.flat().includes(0) ?? false;
};

describe('planBulk', () => {
  for (const [title, operations, expected] of [
    ["keeps the client's order", [user('a'), user('b'), remove('1')], ['0', '1', '2']],
    ['M12 creates first what is referred to', [group('g', 'bulkId:a'), user('b'), user('a')], ['2', '0', '1']],
    [
      'M12 several in the order of the request',
      [group('g', 'bulkId:b', 'bulkId:c', 'bulkId:a'), user('a'), user('b'), user('c')],
      ['1', '2', '3', '0'],
    ],
    [
      'M4 a bulkId that is no create is nothing to refer to',
      [group('g', 'bulkId:p'), { ...remove('1'), bulkId: 'p' }],
      ['0', '1'],
    ],
    ['M12 over several steps', [group('g', 'bulkId:h'), group('h', 'bulkId:a'), user('a')], ['2', '1', '0']],
    ['M13 unknown bulkIds hold nothing up', [group('g', 'bulkId:none'), user('a')], ['0', '1']],
    [
      'M14 leaves one reference of a circle for later',
      [group('a', 'bulkId:b'), group('b', 'bulkId:a'), user('c')],
      ['1 without a', '0', '1 with a', '2'],
    ],
    ['M14 a resource that refers to itself', [group('a', 'bulkId:a'), user('b')], ['0 without a', '0 with a', '1']],
    [
      'M14 a long circle is opened once',
      [group('a', 'bulkId:b'), group('b', 'bulkId:c'), group('c', 'bulkId:a')],
      ['2 without a', '1', '0', '2 with a'],
    ],
  ] as const) {
    it(title, () => assert.deepEqual(shortOf(planBulk(operations)), expected));
  }

  it('M17 orders what could see each other', () => {
    const title = { op: 'replace', path: 'title', value: 'x' };
    const name = { op: 'replace', path: 'userName', value: 'x' };
    for (const [what, first, second, expected] of [
      ['two creates', user('a'), user('b'), false],
      ['two creates of one name', user('a', 'N'), user('b', 'n'), true],
      ['two changes of one resource', patch('1', title), patch('1', title), true],
      ['changes of two resources', patch('1', title), patch('2', title), false],
      ['two renames', patch('1', name), patch('2', name), true],
      ['a rename without path', patch('1', { op: 'replace', value: { username: 'x' } }), user('a'), true],
      ['something unknown', patch('1', { op: 'replace', value: { what: 'x' } }), user('a'), true],
      ['a create and a change of no name', user('a'), patch('1', title), false],
      ['a create and a delete', user('a'), remove('1'), true],
      ['a delete and a create', remove('1'), user('a'), true],
      ['two deletes', remove('1'), remove('2'), false],
      ['a delete and a create of another type', remove('1'), group('g'), false],
      ['a reference and a delete', group('g', '1'), remove('1'), true],
      ['a delete and a reference', remove('1'), group('g', '1'), true],
      ['two references', group('g', '1'), group('h', '1'), false],
      ['a create and a reference', user('a'), group('g', 'bulkId:a'), true],
    ] as const) {
      assert.equal(isOrdered(first, second), expected, what);
    }
  });

  it('every plan can run in its order, has each operation once and closes each circle', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const members = fc.array(fc.constantFrom(...names, 'none'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(members, { maxLength: names.length }), (lists) => {
        const operations = lists.map((list, index) =>
          group(names[index] ?? '', ...list.map((name) => `bulkId:${name}`)),
        );
        const steps = planBulk(operations);
        const runs = steps.filter(({ kind }) => kind === 'run').map(({ index }) => index);
        assert.deepEqual([...runs].sort(), [...operations.keys()]);
        const done = new Set<string>();
        for (const [position, { index, kind, postponed, after }] of steps.entries()) {
          for (const each of after.flat()) assert.ok(each < position);
          const wanted = (lists[index] ?? []).filter((name) => names.indexOf(name) < lists.length && name !== 'none');
          for (const name of wanted) {
            if (kind === 'run') assert.equal(done.has(name), !postponed.has(name), JSON.stringify(lists));
            else assert.ok(done.has(name), JSON.stringify(lists));
          }
          if (kind === 'run') done.add(names[index] ?? '');
          if (kind === 'run' && postponed.size > 0) {
            assert.equal(steps.filter((step) => step.kind === 'complete' && step.index === index).length, 1);
          }
        }
      }),
    );
  });

  it('is fast for many operations in long chains', () => {
    const count = 10_000;
    const chain = Array.from({ length: count }, (_, index) => group(`g${index}`, `bulkId:g${index + 1}`));
    assert.equal(planBulk(chain)[0]?.index, count - 1);
    const mixed = [
      ...Array.from({ length: 5000 }, (_, index) => user(`u${index}`)),
      ...Array.from({ length: 5000 }, (_, index) => remove(String(index))),
    ];
    assert.equal(planBulk(mixed).length, 10_000);
  });
});
