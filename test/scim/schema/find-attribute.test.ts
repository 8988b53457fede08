import assert from 'node:assert/strict';
import type { AttributePath } from '../../../src/scim/filter/filter.ts';
import { defineSchema } from '../../../src/scim/schema/define-attribute.ts';
import { findAttribute } from '../../../src/scim/schema/find-attribute.ts';
import { attributeKey, type ResourceType } from '../../../src/scim/schema/schema.ts';
import { core, deviceType, enterprise, groupType, userType } from '../sample.ts';

const twice: ResourceType = {
  ...userType,
  extensions: [
    ...userType.extensions,
    { schema: defineSchema('urn:x:y', 'Y', '', [{ name: 'division' }]), required: false },
  ],
};
const covered: ResourceType = {
  ...userType,
  extensions: [
    {
      schema: defineSchema('urn:x:z', 'Z', '', [
        { name: 'title', subAttributes: [{ name: 'x' }] },
        { name: 'id', subAttributes: [{ name: 'x' }] },
      ]),
      required: false,
    },
  ],
};
const [prefix, last] = [enterprise.slice(0, enterprise.lastIndexOf(':')), 'User'];

const cases: readonly [rule: string, type: ResourceType, path: AttributePath, key: string | undefined][] = [
  ['E24 core attribute', userType, { attribute: 'title' }, 'title'],
  ['E14 any letter case', userType, { attribute: 'NAME', subAttribute: 'GivenNAME' }, 'name.givenName'],
  [
    'E14 URN in any letter case',
    userType,
    { urn: enterprise.toUpperCase(), attribute: 'DEPARTMENT' },
    `${enterprise}:department`,
  ],
  [
    'E40 extension attribute',
    userType,
    { urn: enterprise, attribute: 'employeeNumber' },
    `${enterprise}:employeeNumber`,
  ],
  [
    'E41 extension sub-attribute',
    userType,
    { urn: enterprise, attribute: 'manager', subAttribute: 'value' },
    `${enterprise}:manager.value`,
  ],
  [
    'E42 extension attribute without URN',
    userType,
    { attribute: 'manager', subAttribute: '$ref' },
    `${enterprise}:manager.$ref`,
  ],
  ['E42 ambiguous without URN', twice, { attribute: 'division' }, undefined],
  [
    'E42 a name of the core schema is not looked for in extensions',
    covered,
    { attribute: 'title', subAttribute: 'x' },
    undefined,
  ],
  ['E42 a common name neither', covered, { attribute: 'id', subAttribute: 'x' }, undefined],
  ['E42 ambiguous, yet URN given', twice, { urn: 'urn:x:y', attribute: 'division' }, 'urn:x:y:division'],
  ['E44 dotted URN', userType, { urn: prefix, attribute: last, subAttribute: 'manager' }, `${enterprise}:manager`],
  ['E44 dotted URN of nothing', userType, { urn: prefix, attribute: last, subAttribute: 'nothing' }, undefined],
  ['E45 core URN', userType, { urn: core, attribute: 'userName' }, 'userName'],
  ['G14 common attribute', groupType, { attribute: 'Meta', subAttribute: 'lastmodified' }, 'meta.lastModified'],
  ['G14 id', groupType, { attribute: 'ID' }, 'id'],
  ['G14 id behind the core URN', userType, { urn: core, attribute: 'id' }, 'id'],
  ['G14 no common attribute in an extension', userType, { urn: enterprise, attribute: 'id' }, undefined],
  ['G14 $ref', groupType, { attribute: 'members', subAttribute: '$REF' }, 'members.$ref'],
  ['E31 value of a simple list is the list', deviceType, { attribute: 'tags', subAttribute: 'value' }, 'tags'],
  ['E52 unknown attribute', userType, { attribute: 'shoeSize' }, undefined],
  ['E52 unknown sub-attribute', userType, { attribute: 'name', subAttribute: 'nick' }, undefined],
  ['E52 sub-attribute of a simple one', userType, { attribute: 'title', subAttribute: 'value' }, undefined],
  ['E52 unknown URN', userType, { urn: 'urn:nobody', attribute: 'title' }, undefined],
  ['P13 names of Object.prototype', userType, { attribute: '__proto__' }, undefined],
  ['P13 constructor', userType, { attribute: 'constructor' }, undefined],
];

describe('findAttribute', () => {
  for (const [rule, type, path, key] of cases) {
    it(rule, () => {
      const ref = findAttribute(type, path);
      assert.equal(ref === undefined ? undefined : attributeKey(ref), key);
    });
  }

  it('prefers an attribute of the core schema to a common one of the same name', () => {
    const schema = defineSchema('urn:x:own', 'Own', '', [{ name: 'externalId', mutability: 'readOnly' }]);
    const ref = findAttribute({ ...userType, schema, extensions: [] }, { attribute: 'externalid' });
    assert.equal(ref?.attribute.mutability, 'readOnly');
  });
});
