import assert from 'node:assert/strict';
import type { ScimType } from '../../src/scim/error.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { clientProfiles, interop } from '../../src/scim/profile.ts';
import { defineSchema } from '../../src/scim/schema/define-attribute.ts';
import { attributeKey, type ResourceType } from '../../src/scim/schema/schema.ts';
import {
  checkImmutable,
  findCleared,
  type ValidateOptions,
  validateResource,
} from '../../src/scim/validate-resource.ts';
import { assertRefused, core, device, deviceType, enterprise, groupType, userType, warranty } from './sample.ts';

const strict = clientProfiles.get('strict')!;
const minimal = { schemas: [core], userName: 'bjensen' };

function create(body: unknown, type: ResourceType = userType, options: Partial<ValidateOptions> = {}): JsonObject {
  return validateResource(body, type, { mode: 'create', profile: interop, ...options });
}

/** The body after `{schemas, userName}`, and what the resource holds besides these. */
const accepted: readonly [rule: string, body: JsonObject, expected: JsonObject][] = [
  [
    'B3 id, meta and readOnly attributes are ignored',
    { id: '7', meta: { resourceType: 'User' }, groups: [{ value: 'g' }] },
    {},
  ],
  [
    'B3 readOnly parts are ignored',
    { [enterprise]: { manager: { value: 'm', displayName: 'Boss' } } },
    { [enterprise]: { manager: { value: 'm' } } },
  ],
  [
    'B5 unknown attributes are ignored',
    { shoeSize: 42, name: { givenName: 'B', nick: 'x' } },
    { name: { givenName: 'B' } },
  ],
  ['B5 unknown extension objects are ignored', { 'urn:x:y': { a: 1 } }, {}],
  ['B9 booleans as strings', { active: 'False' }, { active: false }],
  [
    'B9 booleans as strings in a list',
    { emails: [{ value: 'a@x', primary: 'TRUE' }] },
    { emails: [{ value: 'a@x', primary: true }] },
  ],
  ['B10 null is unassigned', { title: null, name: null, emails: null, [enterprise]: null }, {}],
  ['B10 [] is unassigned', { emails: [], roles: [], title: [] }, {}],
  ['B10 "" is unassigned', { title: '', name: { givenName: '' }, emails: [{ type: 'work', value: '' }] }, {}],
  ['B10 null among values', { emails: [null, { value: 'a@x' }] }, { emails: [{ value: 'a@x' }] }],
  ['B10 false is a value', { active: false }, { active: false }],
  [
    'B12 the same type and value once',
    {
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'A@X', type: 'Work', primary: true },
      ],
    },
    { emails: [{ value: 'A@X', type: 'Work', primary: true }] },
  ],
  [
    'B12 same value, other type',
    {
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'a@x', type: 'home' },
      ],
    },
    {
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'a@x', type: 'home' },
      ],
    },
  ],
  ['B13 extension data under its URN', { [enterprise]: { department: 'D' } }, { [enterprise]: { department: 'D' } }],
  ['B13 an empty extension is none', { [enterprise]: {} }, {}],
  [
    'B14 names in any letter case',
    {
      NAME: { GIVENname: 'B' },
      Emails: [{ VALUE: 'a@x', Primary: true }],
      [enterprise.toUpperCase()]: { DEPARTMENT: 'D' },
    },
    { name: { givenName: 'B' }, emails: [{ value: 'a@x', primary: true }], [enterprise]: { department: 'D' } },
  ],
  ['B15 password', { password: 'pw' }, { password: 'pw' }],
  ['B23 externalId as sent', { externalId: '00uA-É' }, { externalId: '00uA-É' }],
  ['E31 one object for a list', { emails: { value: 'a@x' } }, { emails: [{ value: 'a@x' }] }],
  [
    'Part 2.1 a manager as a list of one',
    { [enterprise]: { manager: [{ value: 'm', $ref: null }] } },
    { [enterprise]: { manager: { value: 'm' } } },
  ],
  [
    'Part 2.1 a manager as a bare id',
    { [enterprise]: { manager: 'm' } },
    { [enterprise]: { manager: { value: 'm' } } },
  ],
  ['Part 2.1 a manager as ""', { [enterprise]: { manager: '' } }, {}],
  [
    '$ref alone names the id',
    { [enterprise]: { manager: { $ref: 'https://x/scim/v2/Users/a%20b' } } },
    { [enterprise]: { manager: { value: 'a b' } } },
  ],
  [
    'E65 other canonical values',
    { emails: [{ value: 'a@x', type: 'invoices' }] },
    { emails: [{ value: 'a@x', type: 'invoices' }] },
  ],
  ['Q7 base64 without padding', { x509Certificates: [{ value: 'AQI' }] }, { x509Certificates: [{ value: 'AQI=' }] }],
  ['Q9 letter case is kept', { title: 'Großer CHEF' }, { title: 'Großer CHEF' }],
  ['Q15 country is not checked', { addresses: [{ country: 'Belize' }] }, { addresses: [{ country: 'Belize' }] }],
  [
    'P13 names of Object.prototype',
    JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"name":{"__proto__":{"x":1},"givenName":"B"}}'),
    { name: { givenName: 'B' } },
  ],
];

const refused: readonly [rule: string, body: unknown, scimType: ScimType, detail: RegExp][] = [
  ['B4 no schemas', { userName: 'b' }, 'invalidSyntax', /schemas/],
  ['B4 schemas empty', { schemas: [], userName: 'b' }, 'invalidSyntax', /schemas/],
  ['B4 schemas not an array', { schemas: core, userName: 'b' }, 'invalidSyntax', /array/],
  ['B4 schemas of numbers', { schemas: [core, 1], userName: 'b' }, 'invalidSyntax', /array of URNs/],
  ['B4 schemas without the core schema', { schemas: [enterprise], userName: 'b' }, 'invalidSyntax', /core:2\.0:User/],
  ['B6 userName missing', { schemas: [core] }, 'invalidValue', /userName/],
  ['B6 userName null', { schemas: [core], userName: null }, 'invalidValue', /userName/],
  ['B6 userName ""', { schemas: [core], userName: '' }, 'invalidValue', /userName/],
  ['B6 userName blank', { schemas: [core], userName: ' \t' }, 'invalidValue', /userName/],
  ['B9 active "maybe"', { ...minimal, active: 'maybe' }, 'invalidValue', /active must be true or false/],
  ['B9 active 1', { ...minimal, active: 1 }, 'invalidValue', /active/],
  ['B9 emails "x"', { ...minimal, emails: 'x' }, 'invalidValue', /emails\[0\] must be an object/],
  ['B9 name "x"', { ...minimal, name: 'x' }, 'invalidValue', /name must be an object/],
  ['B9 a number for a string', { ...minimal, title: 5 }, 'invalidValue', /title must be a string, not a number/],
  [
    'B11 two primaries',
    {
      ...minimal,
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: 'true' },
      ],
    },
    'invalidValue',
    /emails has more than one/,
  ],
  ['B14 userName twice', { ...minimal, username: 'c' }, 'invalidSyntax', /given twice/],
  [
    'B14 a part twice',
    { ...minimal, name: { givenName: 'a', GIVENNAME: 'b' } },
    'invalidSyntax',
    /name\.givenName is given twice/,
  ],
  ['B14 in an extension', { ...minimal, [enterprise]: { department: 'a', Department: 'b' } }, 'invalidSyntax', /twice/],
  ['B16 an array', [], 'invalidSyntax', /object/],
  ['B16 a string', 'x', 'invalidSyntax', /object/],
  ['B16 null', null, 'invalidSyntax', /object/],
  ['B16 nothing', undefined, 'invalidSyntax', /object/],
  [
    'E58 an object for a string',
    { ...minimal, title: { value: 'x' } },
    'invalidValue',
    /title must be a string, not an object/,
  ],
  [
    'E61 a string among objects',
    { ...minimal, emails: [{ value: 'a' }, 'b'] },
    'invalidValue',
    /emails\[1\] must be an object/,
  ],
  ['E62 an empty object among values', { ...minimal, emails: [{}] }, 'invalidValue', /emails\[0\] holds no value/],
  ['E62 only a type', { ...minimal, emails: [{ type: 'work' }] }, 'invalidValue', /emails\[0\]/],
  [
    'E64 not base64',
    { ...minimal, x509Certificates: [{ value: '?!' }] },
    'invalidValue',
    /x509Certificates\[0\]\.value must be base64/,
  ],
  ['E64 base64 of impossible length', { ...minimal, x509Certificates: [{ value: 'AQIDB' }] }, 'invalidValue', /base64/],
  ['B13 an extension that is no object', { ...minimal, [enterprise]: 'x' }, 'invalidValue', /must be an object/],
  ['half a surrogate pair', { ...minimal, title: '\ud800' }, 'invalidValue', /title/],
];

describe('validateResource', () => {
  for (const [rule, body, expected] of accepted) {
    it(rule, () => {
      const before = structuredClone(body);
      const { schemas, userName, ...rest } = create({ ...minimal, ...body });
      assert.deepEqual(rest, expected);
      assert.deepEqual(
        [userName, schemas],
        ['bjensen', Object.hasOwn(expected, enterprise) ? [core, enterprise] : [core]],
      );
      assert.deepEqual(body, before);
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });
  }

  for (const [rule, body, scimType, detail] of refused) {
    it(`${rule} -> 400 ${scimType}`, () => assertRefused(() => create(body), scimType, detail));
  }

  it('B4 duplicate URNs come out once, in the schema’s spelling', () => {
    assert.deepEqual(create({ ...minimal, schemas: [core, core.toUpperCase(), enterprise] })['schemas'], [core]);
  });

  it('B5 the URN that Entra adds to groups is tolerated', () => {
    const schemas = [groupType.schema.id, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'];
    assert.deepEqual(create({ schemas, displayName: 'G' }, groupType), {
      schemas: [groupType.schema.id],
      displayName: 'G',
    });
  });

  for (const [what, body] of [
    ['attribute', { shoeSize: 1 }],
    ['part', { name: { nick: 'x' } }],
    ['part of a value', { emails: [{ value: 'a', colour: 'red' }] }],
    ['extension attribute', { [enterprise]: { shoeSize: 1 } }],
    ['extension', { 'urn:x:y': {} }],
    ['URN', { schemas: [core, 'urn:x:y'] }],
  ] as const) {
    it(`B5 strict: unknown ${what} -> 400 invalidSyntax`, () => {
      assertRefused(() => create({ ...minimal, ...body }, userType, { profile: strict }), 'invalidSyntax');
    });
  }

  it('B6 Group.displayName is required', () => {
    assertRefused(
      () => create({ schemas: [groupType.schema.id] }, groupType),
      'invalidValue',
      /displayName is required/,
    );
  });

  it('B21 members: [] and members with computed parts', () => {
    const group = { schemas: [groupType.schema.id], displayName: 'G' };
    assert.deepEqual(create({ ...group, members: [] }, groupType), group);
    const members = [
      { value: 'u1', display: 'x', $ref: '../Users/u1', type: 'User' },
      { value: 'u1' },
      { value: 'U1' },
    ];
    assert.deepEqual(create({ ...group, members }, groupType)['members'], [
      { value: 'u1', type: 'User' },
      { value: 'U1' },
    ]);
  });

  describe('with a resource type of every kind of attribute', () => {
    const whole = { schemas: [device], serial: 'S', [warranty]: { until: '2026-01-31T10:30:00.500+02:00' } };

    it('Q5 dateTime in UTC, Q6 numbers, Q7 binary, lists of strings', () => {
      const body = {
        ...whole,
        slots: 4,
        weight: 1.5,
        bought: '2026-01-01T00:00:00Z',
        key: 'AQI=',
        tags: ['a', 'A ', 'b'],
      };
      assert.deepEqual(create(body, deviceType), {
        ...body,
        schemas: [device, warranty],
        tags: ['a', 'b'],
        [warranty]: { until: '2026-01-31T08:30:00.5Z' },
      });
    });

    for (const [rule, body, detail] of [
      ['Q6 a fraction', { slots: 1.5 }, /slots must be a whole number/],
      ['Q6 beyond exact integers', { slots: 2 ** 53 }, /slots/],
      ['Q6 a number as text', { slots: '4' }, /slots must be a whole number, not this string/],
      ['decimal', { weight: '1.5' }, /weight must be a number/],
      ['E63 a date without time', { bought: '2026-01-01' }, /bought must be a date and time/],
      ['B9 an object in a list of strings', { tags: [{ value: 'a' }] }, /tags\[0\] must be a string/],
      ['a required part', { ports: [{ type: 'usb', labels: ['x'] }] }, /ports\.value is required/],
      ['Q23 a required extension', { [warranty]: {} }, /extension:2\.0:Warranty is required/],
      ['D6 a required attribute of an extension', { [warranty]: { by: 'me' } }, /until is required/],
    ] as const) {
      it(`${rule} -> 400 invalidValue`, () =>
        assertRefused(() => create({ ...whole, ...body }, deviceType), 'invalidValue', detail));
    }
  });

  it('D5 a required attribute that is only written need not come with a PUT', () => {
    const schema = defineSchema('urn:x:pin', 'Pin', '', [{ name: 'pin', required: true, mutability: 'writeOnly' }]);
    const type = { ...userType, schema, extensions: [] };
    const body = { schemas: ['urn:x:pin'] };
    assertRefused(() => create(body, type), 'invalidValue', /pin is required/);
    assert.deepEqual(create(body, type, { mode: 'replace' }), body);
    assertRefused(() => create({ schemas: [core] }, userType, { mode: 'replace' }), 'invalidValue', /userName/);
  });

  it('B5 strict: the message names the attribute', () => {
    const refuse = (body: JsonObject, name: RegExp) =>
      assertRefused(() => create({ ...minimal, ...body }, userType, { profile: strict }), 'invalidSyntax', name);
    refuse({ shoeSize: 1 }, /^shoeSize is not/);
    refuse({ [enterprise]: { shoeSize: 1 } }, /^urn:.*enterprise:2\.0:User:shoeSize is not/);
  });

  it('no message tells the value', () => {
    assertRefused(() => create({ ...minimal, password: 5, active: 'hunter2' }), 'invalidValue', /^(?!.*hunter2)/);
  });
});

describe('findCleared', () => {
  const cleared = (body: JsonObject, type = userType) =>
    findCleared({ schemas: [core], ...body }, type, interop).map(attributeKey);

  it('D5 tells null, [] and "" from an attribute that is omitted', () => {
    assert.deepEqual(cleared({ userName: 'b', title: '', emails: [], name: { givenName: null }, active: false }), [
      'title',
      'emails',
      'name',
    ]);
    assert.deepEqual(cleared({ MEMBERS: [] }, groupType), ['members']);
    assert.deepEqual(cleared({ members: [{ value: 'u' }] }, groupType), []);
  });

  it('D5 null for an extension is null for all of it', () => {
    assert.deepEqual(cleared({ [enterprise]: null }).length, 6);
    assert.deepEqual(cleared({ [enterprise]: { department: null, division: 'D' } }), [`${enterprise}:department`]);
  });
});

describe('checkImmutable', () => {
  const before = { schemas: [device], serial: 'S', model: { maker: 'M', year: 1 }, ports: [{ value: 'a' }] };
  const check = (after: JsonObject) => () => checkImmutable(before, { schemas: [device], ...after }, deviceType);

  it('D7 the same value, or one where there was none', () => {
    assert.doesNotThrow(check({ serial: 'S', model: { maker: 'M', year: 2 }, ports: [] }));
    assert.doesNotThrow(() => checkImmutable({}, before, deviceType));
  });

  it('D7 another value or none -> 400 mutability', () => {
    assertRefused(check({ serial: 's', model: { maker: 'M' } }), 'mutability', /serial is immutable/);
    assertRefused(check({ model: { maker: 'M' } }), 'mutability', /serial/);
    assertRefused(check({ serial: 'S', model: { year: 1 } }), 'mutability', /model\.maker/);
  });
});
