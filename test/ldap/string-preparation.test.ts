import assert from 'node:assert/strict';
import fc from 'fast-check';
import { prepareSubstring, prepareText } from '../../src/ldap/string-preparation.ts';

describe('prepareText', () => {
  it('folds letters one by one, as NFKC leaves them', () => {
    for (let code = 0x20; code < 0x3000; code++) {
      const letter = String.fromCodePoint(code);
      const expected = letter.normalize('NFKC').toLowerCase().normalize('NFKC');
      if (/\p{L}/u.test(letter) && letter !== 'İ') assert.equal(prepareText(letter, true), expected.trim(), letter);
    }
  });

  for (const [text, folded, exact] of [
    ['', '', ''],
    [' ', ' ', ' '],
    ['\t \n', ' ', ' '],
    [' A  b ', 'a b', 'A b'],
    ['É ﬁ', 'é fi', 'É fi'],
    ['\u3000a\u2028b\u0085', 'a b', 'a b'],
    ['ΟΔΟΣ', 'οδοσ', 'ΟΔΟΣ'],
    ['İ', 'i', 'İ'],
    ['STRASSE ß ẞ', 'strasse ß ß', 'STRASSE ß ẞ'],
    ['\ufeffa', '\ufeffa', '\ufeffa'],
  ] as const) {
    it(`prepares ${JSON.stringify(text)}`, () => {
      assert.equal(prepareText(text, true), folded);
      assert.equal(prepareText(text, false), exact);
    });
  }

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, fold) => {
        const once = prepareText(text, fold);
        assert.equal(prepareText(once, fold), once);
      }),
    );
  });
});

describe('prepareSubstring', () => {
  for (const [startsValue, endsValue, expected] of [
    [true, true, 'a b'],
    [true, false, 'a b '],
    [false, true, ' a b'],
    [false, false, ' a b '],
  ] as const) {
    it(`keeps outer spaces unless the value starts (${startsValue}) or ends (${endsValue}) there`, () => {
      assert.equal(prepareSubstring('  A   b ', true, { startsValue, endsValue }), expected);
    });
  }
});
