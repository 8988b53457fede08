import assert from 'node:assert/strict';
import { didYouMean, findClosest } from '../../src/util/did-you-mean.ts';

const words = ['attribute', 'transform', 'reference', 'rdn', 'base', 'objectClasses'];

describe('findClosest', () => {
  for (const [word, expected] of [
    ['atribute', 'attribute'],
    ['Transform', 'transform'],
    ['refernece', 'reference'],
    ['objectclass', 'objectClasses'],
    ['dn', 'rdn'],
    ['bsae', 'base'],
    ['zebra', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(word)} -> ${expected}`, () => {
      assert.equal(findClosest(word, words), expected);
    });
  }

  it('is silent without candidates', () => {
    assert.equal(didYouMean('base', []), undefined);
    assert.equal(didYouMean('bse', words), 'did you mean "base"?');
  });
});
