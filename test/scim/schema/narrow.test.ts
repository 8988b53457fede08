import assert from 'node:assert/strict';
import { coreUser } from '../../../src/scim/schema/core-user.ts';
import { narrowSchema } from '../../../src/scim/schema/narrow.ts';
import type { SchemaAttribute } from '../../../src/scim/schema/schema.ts';

function narrow(kept: Readonly<Record<string, Partial<SchemaAttribute>>>): readonly SchemaAttribute[] {
  return narrowSchema(coreUser, (path) => (Object.hasOwn(kept, path) ? kept[path] : undefined)).attributes;
}

describe('narrowSchema', () => {
  it('A13 keeps what is mapped and nothing else', () => {
    const attributes = narrow({ userName: {}, 'name.familyName': {}, 'emails.value': {}, 'emails.type': {} });
    const names = attributes.map(({ name, subAttributes }) => [name, subAttributes?.map((sub) => sub.name)]);
    assert.deepEqual(names, [
      ['userName', undefined],
      ['name', ['familyName']],
      ['emails', ['value', 'type']],
    ]);
  });

  it('lays characteristics over those of the schema, of the parent too', () => {
    const [userName, emails] = narrow({
      userName: { mutability: 'immutable', caseExact: true },
      emails: { required: true },
      'emails.type': { canonicalValues: ['work'] },
    });
    assert.deepEqual([userName?.mutability, userName?.caseExact, userName?.required], ['immutable', true, true]);
    assert.deepEqual([emails?.required, emails?.multiValued], [true, true]);
    assert.deepEqual(emails?.subAttributes?.[0]?.canonicalValues, ['work']);
  });

  it('A14 drops canonicalValues that became empty', () => {
    const [emails] = narrow({ 'emails.type': { canonicalValues: [] } });
    assert.equal(Object.hasOwn(emails?.subAttributes?.[0] ?? {}, 'canonicalValues'), false);
  });

  it('makes a complex attribute readOnly where all its parts are, unless told otherwise', () => {
    const readOnly = { mutability: 'readOnly' } as const;
    assert.equal(narrow({ 'name.formatted': readOnly })[0]?.mutability, 'readOnly');
    assert.equal(narrow({ 'name.formatted': readOnly, 'name.givenName': {} })[0]?.mutability, 'readWrite');
    assert.equal(narrow({ name: { mutability: 'immutable' }, 'name.formatted': readOnly })[0]?.mutability, 'immutable');
  });

  it('drops a complex attribute none of whose parts is kept', () => {
    assert.deepEqual(narrow({ name: {} }), []);
  });

  it('keeps the name whatever the answer says', () => {
    assert.equal(narrow({ title: { name: 'jobTitle' } })[0]?.name, 'title');
  });
});
