import assert from 'node:assert/strict';
import { filterLimits, parseFilter } from '../../../src/scim/filter/parse.ts';

describe('parseFilter: limits', () => {
  const nested = (levels: number): string => `${'('.repeat(levels)}a pr${')'.repeat(levels)}`;
  const chain = (terms: number): string => Array.from({ length: terms }, () => 'a pr').join(' or ');

  it('G17 bounds the depth', () => {
    assert.equal(parseFilter(nested(filterLimits.depth)).kind, 'present');
    for (const [text, detail] of [
      [nested(filterLimits.depth + 1), 'column 33: nested deeper than 32 levels.'],
      [`${'not ('.repeat(33)}a pr${')'.repeat(33)}`, 'column 165: nested deeper than 32 levels.'],
      [`${'('.repeat(32)}a[b pr]${')'.repeat(32)}`, 'column 34: nested deeper than 32 levels.'],
      ['('.repeat(8192), 'column 33: nested deeper than 32 levels.'],
    ] as const) {
      assert.throws(() => parseFilter(text), { scimType: 'invalidFilter', detail: `Filter, ${detail}` });
    }
  });

  it('G17 bounds the number of terms', () => {
    assert.equal(parseFilter(chain(filterLimits.nodes - 1)).kind, 'or');
    assert.throws(() => parseFilter(chain(filterLimits.nodes)), /more than 500 terms/);
  });

  it('G17 bounds the length before it looks at the text', () => {
    const long = (length: number): string => `a eq "${'x'.repeat(length - 7)}"`;
    assert.equal(parseFilter(long(filterLimits.length)).kind, 'compare');
    for (const text of [
      long(filterLimits.length + 1),
      '('.repeat(10_000),
      long(1_000_000),
      `${' '.repeat(9000)}a pr`,
    ]) {
      assert.throws(() => parseFilter(text), {
        scimType: 'invalidFilter',
        detail: 'Filter is longer than 8192 characters.',
      });
    }
  });

  // A backtracking lexer needs time exponential in the number of lines here, and this test would never end.
  it('G17 stays linear on an unterminated string full of newlines and backslashes', () => {
    for (const filler of ['\n', '\\\\', '\\n', '\\"', 'x']) {
      const text = `a eq "${filler.repeat(Math.floor(8000 / filler.length))}`;
      assert.throws(() => parseFilter(text), { scimType: 'invalidFilter' }, JSON.stringify(filler));
    }
  });
});
