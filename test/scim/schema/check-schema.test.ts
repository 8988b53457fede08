import assert from 'node:assert/strict';
import { checkSchema, type WrittenAttribute } from '../../../src/scim/schema/check-schema.ts';
import { urns } from '../../../src/scim/urns.ts';
import { deviceType } from '../sample.ts';

const urn = 'urn:example:Device';

const wrong: readonly [what: string, attribute: WrittenAttribute, place: string][] = [
  ['a name with a space', { name: 'a b' }, 'attributes.0.name'],
  ['a name that begins with a digit', { name: '1a' }, 'attributes.0.name'],
  ['P13 __proto__', { name: '__proto__' }, 'attributes.0.name'],
  ['P13 constructor', { name: 'constructor' }, 'attributes.0.name'],
  ['$ref outside a complex attribute', { name: '$ref' }, 'attributes.0.name'],
  ['an unknown type', { name: 'a', type: 'text' }, 'attributes.0.type'],
  [
    'A12 complex within complex',
    { name: 'a', subAttributes: [{ name: 'b', type: 'complex', subAttributes: [{ name: 'c' }] }] },
    'attributes.0.subAttributes.0.type',
  ],
  ['complex without parts', { name: 'a', type: 'complex' }, 'attributes.0.subAttributes'],
  ['complex with no parts', { name: 'a', subAttributes: [] }, 'attributes.0.subAttributes'],
  ['parts of a string', { name: 'a', type: 'string', subAttributes: [{ name: 'b' }] }, 'attributes.0.subAttributes'],
  ['A12 referenceTypes of a string', { name: 'a', referenceTypes: ['User'] }, 'attributes.0.referenceTypes'],
  ['writeOnly, yet returned', { name: 'a', mutability: 'writeOnly', returned: 'default' }, 'attributes.0.returned'],
  ['readOnly and never returned', { name: 'a', mutability: 'readOnly', returned: 'never' }, 'attributes.0.returned'],
  ['readOnly and required', { name: 'a', mutability: 'readOnly', required: true }, 'attributes.0.required'],
];

describe('checkSchema', () => {
  it('finds nothing in a sound schema', () => {
    assert.deepEqual(checkSchema(urn, deviceType.schema.attributes), []);
    assert.deepEqual(checkSchema(urn, [{ name: 'boss', subAttributes: [{ name: '$ref', type: 'reference' }] }]), []);
  });

  for (const [what, attribute, place] of wrong) {
    it(what, () =>
      assert.deepEqual(
        checkSchema(urn, [attribute]).map(({ path }) => path.join('.')),
        [place],
      ),
    );
  }

  it('names in different letter case', () => {
    assert.deepEqual(
      checkSchema(urn, [{ name: 'a' }, { name: 'A' }]).map(({ path }) => path.join('.')),
      ['attributes.1.name'],
    );
  });

  it('a URN that is none, or that of a standard schema', () => {
    assert.equal(checkSchema('device', []).length, 1);
    assert.equal(checkSchema(urns.user.toUpperCase(), []).length, 1);
  });
});
