import assert from 'node:assert/strict';
import { createChangeNumbers } from '../../../src/ldap/embedded/change-numbers.ts';

const at = (iso: string) => () => Date.parse(iso);

describe('createChangeNumbers', () => {
  it('has the form of OpenLDAP', () => {
    assert.deepEqual(createChangeNumbers(at('2026-02-03T04:05:06.789Z')).next(), {
      csn: '20260203040506.789000Z#000000#000#000000',
      timestamp: '20260203040506Z',
    });
  });
  it('never stands still and never goes back', () => {
    let now = Date.parse('2026-01-01T00:00:00.999Z');
    const numbers = createChangeNumbers(() => now);
    const first = numbers.next().csn;
    const second = numbers.next().csn;
    now -= 60_000;
    const third = numbers.next().csn;
    assert.deepEqual([first, second, third].toSorted(), [first, second, third]);
    assert.equal(new Set([first, second, third]).size, 3);
  });
  it('goes on after the numbers that loaded content brought', () => {
    const numbers = createChangeNumbers(at('2026-01-01T00:00:00Z'));
    numbers.seen('20301231235959.999999Z#000000#000#000000');
    assert.equal(numbers.next().csn, '20310101000000.000000Z#000000#000#000000');
  });
  it('refuses what is none', () => {
    assert.throws(() => createChangeNumbers().seen('20301231235959Z'), /invalid per syntax/);
  });
});
