import assert from 'node:assert/strict';
import { createMemory } from '../../src/util/memory.ts';

describe('createMemory', () => {
  it('works out once per owner and key, and keeps no more than it may', () => {
    const recall = createMemory<object, string>(2);
    const [one, two] = [{}, {}];
    const made: string[] = [];
    const ask = (owner: object, key: string) =>
      recall(owner, key, () => {
        made.push(key);
        return `${key}!`;
      });
    assert.deepEqual([ask(one, 'a'), ask(one, 'a'), ask(one, 'b'), ask(two, 'a')], ['a!', 'a!', 'b!', 'a!']);
    assert.deepEqual(made, ['a', 'b', 'a']);
    ask(one, 'c');
    ask(one, 'b');
    ask(one, 'a');
    assert.deepEqual(made, ['a', 'b', 'a', 'c', 'a']);
  });
});
