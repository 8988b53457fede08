import assert from 'node:assert/strict';
import { idOfUri } from '../../../src/scim/schema/coerce-value.ts';

describe('idOfUri', () => {
  for (const [uri, id] of [
    ['https://example.com/scim/v2/Users/26118915', '26118915'],
    ['../Users/26118915/', '26118915'],
    ['26118915', '26118915'],
    ['https://example.com/Users/a%2Fb', 'a/b'],
    ['https://example.com/Users/7?attributes=a/b#c', '7'],
    ['Users/7#a?b', '7'],
    ['Users/100%', '100%'],
    ['//', '//'],
    ['?x', '?x'],
    ['', ''],
  ] as const) {
    it(`${JSON.stringify(uri)} ends in ${JSON.stringify(id)}`, () => {
      assert.equal(idOfUri(uri), id);
    });
  }

  it('takes no longer per character for a long one', () => {
    const long = 'a'.repeat(2_000_000);
    // What a pattern would try again from each of its characters; the test's own time limit is what holds it.
    assert.equal(idOfUri(`${long}?\n`), long);
  });
});
