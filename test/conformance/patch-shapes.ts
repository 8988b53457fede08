// Operations of PATCH on a user that has `userAttributes`, by the shape of their path.
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { enterprise } from './use-gateway.ts';

const work = { value: 'work@example.test', type: 'work' };
const home = { value: 'home@example.test', type: 'home' };

export const userAttributes: JsonObject = {
  title: 'T',
  name: { familyName: 'F', givenName: 'G' },
  emails: [work],
  [enterprise]: { department: 'D' },
};
/** Title, operation, and what then stands where. */
export const shapes: readonly (readonly [string, JsonObject, string, JsonValue | undefined])[] = [
  ['E20 add an object', { op: 'add', value: { title: 'U', emails: [home] } }, 'emails', [work, home]],
  ['E20 replace by an object', { op: 'replace', value: { emails: [home] } }, 'emails', [home]],
  ['E22 dotted keys', { op: 'replace', value: { 'name.givenName': 'H' } }, 'name.givenName', 'H'],
  ['E22 URN keys', { op: 'replace', value: { [`${enterprise}:department`]: 'E' } }, `${enterprise}.department`, 'E'],
  [
    'E23 an extension as key',
    { op: 'add', value: { [enterprise]: { costCenter: '1' } } },
    enterprise,
    { department: 'D', costCenter: '1' },
  ],
  ['E24 add', { op: 'add', path: 'title', value: 'U' }, 'title', 'U'],
  ['E24 remove', { op: 'remove', path: 'title' }, 'title', undefined],
  ['E25 add merges', { op: 'add', path: 'name', value: { givenName: 'H' } }, 'name.familyName', 'F'],
  ['E25 replace merges', { op: 'replace', path: 'name', value: { givenName: 'H' } }, 'name.familyName', 'F'],
  ['E27 a part', { op: 'replace', path: 'name.honorificPrefix', value: 'Dr.' }, 'name.honorificPrefix', 'Dr.'],
  ['E27 a part goes', { op: 'remove', path: 'name.givenName' }, 'name.givenName', undefined],
  ['E28 add to a list', { op: 'add', path: 'emails', value: [home, work] }, 'emails', [work, home]],
  ['E28 replace a list', { op: 'replace', path: 'emails', value: [home] }, 'emails', [home]],
  ['E28 remove a list', { op: 'remove', path: 'emails' }, 'emails', undefined],
  ['E29 one object', { op: 'add', path: 'emails', value: home }, 'emails', [work, home]],
  ['E29 remove named values', { op: 'remove', path: 'emails', value: [{ value: work.value }] }, 'emails', undefined],
  ['E30 replace by []', { op: 'replace', path: 'emails', value: [] }, 'emails', undefined],
  ['E30 remove []', { op: 'remove', path: 'emails', value: [] }, 'emails', [work]],
  [
    'E33 replace a value',
    { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'x@example.test' } },
    'emails',
    [{ value: 'x@example.test', type: 'work' }],
  ],
  ['E33 remove a value', { op: 'remove', path: 'emails[type eq "work"]' }, 'emails', undefined],
  [
    'E34 add a value',
    { op: 'add', path: 'emails[type eq "home"]', value: { value: home.value } },
    'emails',
    [work, home],
  ],
  [
    'E35 a part of a value',
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@example.test' },
    'emails',
    [{ value: 'x@example.test', type: 'work' }],
  ],
  [
    'E36 a part of no value',
    { op: 'add', path: 'emails[type eq "home"].value', value: home.value },
    'emails',
    [work, home],
  ],
  [
    'E38 or, not, pr, co',
    { op: 'remove', path: 'emails[(type eq "home" or value co "@") and not (value sw "x")]' },
    'emails',
    undefined,
  ],
  [
    'E40 an attribute of an extension',
    { op: 'add', path: `${enterprise}:costCenter`, value: '1' },
    enterprise,
    { department: 'D', costCenter: '1' },
  ],
  ['E42 without its URN', { op: 'replace', path: 'department', value: 'E' }, `${enterprise}.department`, 'E'],
  ['E43 an extension', { op: 'remove', path: enterprise }, enterprise, undefined],
  [
    'E44 a URN before a value path',
    { op: 'replace', path: `${urns.user}:emails[type eq "work"].value`, value: home.value },
    'emails',
    [{ ...work, value: home.value }],
  ],
  ['E45 the core URN', { op: 'replace', path: `${urns.user}:title`, value: 'U' }, 'title', 'U'],
  ['E49 readOnly keys', { op: 'replace', value: { id: 'x', meta: {}, schemas: [], title: 'U' } }, 'title', 'U'],
  ['E51 a password', { op: 'replace', path: 'password', value: 'another-secret-1' }, 'password', undefined],
  ['E54 a URN', { op: 'add', path: 'schemas', value: [enterprise] }, 'title', 'T'],
  ['E56 text for a boolean', { op: 'Replace', path: 'active', value: 'False' }, 'active', false],
  ['E60 replace without value', { op: 'replace', path: 'title' }, 'title', undefined],
  [
    'E65 no canonical value',
    { op: 'add', path: 'phoneNumbers', value: [{ value: '1', type: 'other' }] },
    'phoneNumbers',
    [{ value: '1', type: 'other' }],
  ],
];
/** Title, operation, scimType of the 400. */
export const refusedShapes: readonly (readonly [string, JsonObject, string])[] = [
  ['E13 an index', { op: 'replace', path: 'emails[0]', value: work }, 'invalidPath'],
  ['E13 a JSON pointer', { op: 'replace', path: '/name/givenName', value: 'x' }, 'invalidPath'],
  ['E20 remove nothing', { op: 'remove' }, 'noTarget'],
  ['E21 no object', { op: 'add', value: 'x' }, 'invalidValue'],
  ['E26 a scalar', { op: 'add', path: 'name', value: 'x' }, 'invalidValue'],
  ['E34 replace no value', { op: 'replace', path: 'emails[type eq "home"]', value: home }, 'noTarget'],
  ['E36 replace a part of no value', { op: 'replace', path: 'emails[type eq "home"].value', value: 'x' }, 'noTarget'],
  ['E50 remove userName', { op: 'remove', path: 'userName' }, 'mutability'],
  ['E52 unknown', { op: 'add', path: 'shoeSize', value: 44 }, 'invalidPath'],
  ['E53 cut short', { op: 'add', path: 'emails[type eq', value: work }, 'invalidFilter'],
  ['E53 dots', { op: 'add', path: 'name..givenName', value: 'x' }, 'invalidPath'],
  ['E55 white space', { op: 'add', path: ' title', value: 'x' }, 'invalidPath'],
  ['E57 a number', { op: 'add', path: 'title', value: 1 }, 'invalidValue'],
  ['E58 an object', { op: 'add', path: 'title', value: {} }, 'invalidValue'],
  ['E59 no value', { op: 'add', path: 'title' }, 'invalidValue'],
  ['E61 text in a list', { op: 'add', path: 'emails', value: ['x@example.test'] }, 'invalidValue'],
  ['E62 an empty object', { op: 'add', path: 'emails', value: [{}] }, 'invalidValue'],
  ['E64 no base64', { op: 'add', path: 'x509Certificates', value: [{ value: '%' }] }, 'invalidValue'],
];
