import assert from 'node:assert/strict';
import { findAttributePath, printAttributePath } from '../../../src/scim/filter/attribute-path.ts';
import type { AttributePath } from '../../../src/scim/filter/filter.ts';
import { enterprise } from './sample-type.ts';

describe('findAttributePath', () => {
  it('reads names, sub-attributes and URNs', () => {
    const rows: readonly (readonly [string, AttributePath])[] = [
      ['userName', { attribute: 'userName' }],
      ['name.givenName', { attribute: 'name', subAttribute: 'givenName' }],
      ['$ref', { attribute: '$ref' }],
      ['members.$REF', { attribute: 'members', subAttribute: '$REF' }],
      [`${enterprise}:manager.value`, { urn: enterprise, attribute: 'manager', subAttribute: 'value' }],
    ];
    for (const [text, path] of rows) {
      assert.deepEqual(findAttributePath(text), path);
      assert.equal(printAttributePath(path), text);
    }
  });

  it('finds no path in anything else', () => {
    for (const text of ['', ' userName', 'a..b', 'a.b.c', 'a[b pr]', 'a b', '1a', 'a/b', enterprise.slice(0, -5)]) {
      assert.equal(findAttributePath(text), undefined, text);
    }
  });
});
