// PATCH as a table: a resource, operations, and what comes of them. The rules are those of conformance.md 1.E.
import type { ScimType } from '../../../src/scim/error.ts';
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import type { ResourceType } from '../../../src/scim/schema/schema.ts';
import { core, deviceType, enterprise, groupType, taggedType, userType, warranty } from '../sample.ts';

type Operation = readonly [op: string, path: string | undefined, value?: JsonValue];
interface Case {
  readonly rule: string;
  readonly type: ResourceType;
  readonly before: JsonObject;
  readonly operations: readonly Operation[];
}

export interface Success extends Case {
  /** Attributes that differ afterwards; null where one has gone. None: nothing changed. */
  readonly changes: JsonObject;
}

export interface Failure extends Case {
  readonly scimType: ScimType;
  readonly detail?: RegExp;
}

export const work = { type: 'work', value: 'a@work', primary: true } as const;
export const home = { type: 'home', value: 'a@home' } as const;
export const user: JsonObject = {
  id: '1',
  userName: 'bjensen',
  title: 'Boss',
  active: true,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [work, home],
  addresses: [{ type: 'work', locality: 'Rome', country: 'IT' }],
  groups: [{ value: 'g1' }],
  meta: { resourceType: 'User', version: 'W/"1"' },
  [enterprise]: {
    department: 'D',
    manager: { value: 'm1', $ref: 'https://x/Users/m1', displayName: 'Max' },
  },
};
const u1 = { value: 'u1', $ref: 'https://x/Users/u1', type: 'User', display: 'One' };
const u2 = { value: 'u2', $ref: 'https://x/Users/u2', type: 'User', display: 'Two' };
export const group: JsonObject = { id: 'g', displayName: 'G', members: [u1, u2] };
export const thing: JsonObject = {
  serial: 'S',
  tags: ['a', 'b'],
  model: { maker: 'M' },
  ports: [{ value: 'p', labels: ['x'] }],
  [warranty]: { until: '2026-01-01T00:00:00Z' },
};

const ofUser = (rule: string, operations: readonly Operation[], changes: JsonObject, before = user): Success => ({
  rule,
  type: userType,
  before,
  operations,
  changes,
});
const ofGroup = (rule: string, operations: readonly Operation[], changes: JsonObject): Success => ({
  rule,
  type: groupType,
  before: group,
  operations,
  changes,
});
const ofThing = (rule: string, operations: readonly Operation[], changes: JsonObject): Success => ({
  rule,
  type: deviceType,
  before: thing,
  operations,
  changes,
});
const bare: JsonObject = { id: '1', userName: 'bjensen' };
const ent = (more: JsonObject): JsonObject => ({ [enterprise]: { ...(user[enterprise] as JsonObject), ...more } });

export const successes: readonly Success[] = [
  ofUser(
    'E3 op in any letter case',
    [
      ['Replace', 'title', 'X'],
      ['ADD', 'nickName', 'N'],
      ['reMove', 'active'],
    ],
    { title: 'X', nickName: 'N', active: null },
  ),
  ofUser(
    'E4 each on the result of the one before',
    [
      ['add', 'nickName', 'A'],
      ['remove', 'nickName'],
      ['add', 'nickName', 'B'],
      ['replace', 'nickName', 'C'],
    ],
    { nickName: 'C' },
  ),
  ofUser(
    'E11 adding what is there',
    [
      ['add', 'title', 'Boss'],
      ['add', 'emails', [{ type: 'work', value: 'a@work' }]],
      ['add', 'name', { givenName: 'Barbara' }],
    ],
    {},
  ),
  ofUser(
    'E12 the first extension attribute',
    [['add', `${enterprise}:division`, 'V']],
    { [enterprise]: { division: 'V' } },
    bare,
  ),
  ofUser(
    'E12 the last extension attribute',
    [
      ['remove', `${enterprise}:department`],
      ['remove', `${enterprise}:manager`],
    ],
    { [enterprise]: null },
  ),
  ofUser(
    'E14 path in any letter case',
    [
      ['replace', 'NAME.givenname', 'X'],
      ['replace', `${enterprise.toUpperCase()}:DEPARTMENT`, 'E'],
    ],
    { name: { givenName: 'X', familyName: 'Jensen' }, ...ent({ department: 'E' }) },
  ),
  ofUser(
    'E20 add without a path',
    [['add', undefined, { title: 'X', name: { middleName: 'M' }, emails: [{ value: 'n@x' }] }]],
    {
      title: 'X',
      name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'M' },
      emails: [work, home, { value: 'n@x' }],
    },
  ),
  ofUser(
    'E20 replace without a path: complex merged, lists whole',
    [['replace', undefined, { title: 'X', name: { middleName: 'M' }, emails: [{ value: 'n@x' }] }]],
    { title: 'X', name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'M' }, emails: [{ value: 'n@x' }] },
  ),
  ofUser('E22 dotted keys', [['replace', undefined, { 'name.givenName': 'X', 'NAME.familyName': 'Y' }]], {
    name: { givenName: 'X', familyName: 'Y' },
  }),
  ofUser('E22 URN keys', [['replace', undefined, { [`${enterprise}:employeeNumber`]: '7', [`${core}:title`]: 'X' }]], {
    ...ent({ employeeNumber: '7' }),
    title: 'X',
  }),
  ofUser('E22 value paths as keys', [['add', undefined, { 'emails[type eq "other"].value': 'o@x' }]], {
    emails: [work, home, { type: 'other', value: 'o@x' }],
  }),
  ofUser(
    'E23 extension as key',
    [['replace', undefined, { [enterprise]: { division: 'V', 'manager.value': 'm2' } }]],
    ent({ division: 'V', manager: { value: 'm2' } }),
  ),
  ofUser('E23 extension as key, null', [['replace', undefined, { [enterprise]: null }]], { [enterprise]: null }),
  ofUser('E24 a simple attribute: add', [['add', 'title', 'X']], { title: 'X' }),
  ofUser('E24 a simple attribute: replace what is absent', [['replace', 'nickName', 'X']], { nickName: 'X' }),
  ofUser('E24 a simple attribute: remove', [['remove', 'title']], { title: null }),
  ofUser('E24 a simple attribute: remove what is absent', [['remove', 'nickName']], {}),
  ofUser('E25 a complex attribute: add merges', [['add', 'name', { middleName: 'M' }]], {
    name: { givenName: 'Barbara', familyName: 'Jensen', middleName: 'M' },
  }),
  ofUser('E25 a complex attribute: replace merges', [['replace', 'name', { givenName: 'X' }]], {
    name: { givenName: 'X', familyName: 'Jensen' },
  }),
  ofUser('E25 a null part is unassigned', [['replace', 'name', { givenName: null, middleName: 'M' }]], {
    name: { familyName: 'Jensen', middleName: 'M' },
  }),
  ofUser('E25 only null parts', [['replace', undefined, { name: { givenName: '', familyName: null } }]], {
    name: null,
  }),
  ofUser('E25 a complex attribute: remove', [['remove', 'name']], { name: null }),
  ofUser('E26 the value of a remove is ignored', [['remove', 'name', 'x']], { name: null }),
  ofUser('E27 a part: created with its parent', [['add', 'name.givenName', 'X']], { name: { givenName: 'X' } }, bare),
  ofUser('E27 a part: removed', [['remove', 'name.givenName']], { name: { familyName: 'Jensen' } }),
  ofUser(
    'E27 the last part: the parent goes',
    [
      ['remove', 'name.givenName'],
      ['remove', 'name.familyName'],
    ],
    { name: null },
  ),
  ofUser('E28 a list: add appends', [['add', 'emails', [{ type: 'other', value: 'o@x' }, home]]], {
    emails: [work, home, { type: 'other', value: 'o@x' }],
  }),
  ofUser(
    'E28 a list: what is there takes over what is new',
    [['add', 'emails', [{ value: 'A@HOME', display: 'Me' }]]],
    { emails: [work, { type: 'home', value: 'A@HOME', display: 'Me' }] },
  ),
  ofUser('E28 a list: replace', [['replace', 'emails', [{ type: 'other', value: 'o@x' }]]], {
    emails: [{ type: 'other', value: 'o@x' }],
  }),
  ofUser('E28 a list: remove', [['remove', 'emails']], { emails: null }),
  ofUser('E29 one object: add', [['add', 'emails', { value: 'o@x' }]], { emails: [work, home, { value: 'o@x' }] }),
  ofUser('E29 one object: replace', [['replace', 'emails', { value: 'o@x' }]], { emails: [{ value: 'o@x' }] }),
  ofUser('E29 remove with values removes these', [['Remove', 'emails', [{ value: 'A@home' }]]], { emails: [work] }),
  ofUser('E29 remove with a value of another type', [['remove', 'emails', [{ type: 'other', value: 'a@home' }]]], {}),
  ofUser(
    'E30 add [] or null',
    [
      ['add', 'emails', []],
      ['add', 'emails', null],
      ['add', 'title', null],
      ['add', undefined, { title: null }],
    ],
    {},
  ),
  ofUser('E30 replace by []', [['replace', 'emails', []]], { emails: null }),
  ofUser('E30 replace by null', [['replace', 'emails', null]], { emails: null }),
  ofUser('E30 remove with an empty list removes nothing', [['remove', 'emails', []]], {}),
  ofUser('E30 remove with null removes all', [['remove', 'emails', null]], { emails: null }),
  ofThing(
    'E31 a list of strings: add',
    [
      ['add', 'tags', 'c'],
      ['add', 'tags', ['A', 'd']],
    ],
    { tags: ['a', 'b', 'c', 'd'] },
  ),
  ofThing('E31 a list of strings: replace', [['replace', 'tags', 'c']], { tags: ['c'] }),
  ofThing('E31 a list of strings: remove', [['remove', 'tags']], { tags: null }),
  ofThing('E31 a list of strings: remove one', [['remove', 'tags[value eq "A"]']], { tags: ['b'] }),
  ofThing('E31 a list of strings: remove by value', [['remove', 'tags', ['b', 'z']]], { tags: ['a'] }),
  ofThing('E31 a list of strings: replace one', [['replace', 'tags[value eq "a"]', 'z']], { tags: ['z', 'b'] }),
  ofThing(
    'E31 a list within a value',
    [
      ['add', 'ports[value eq "p"].labels', ['y']],
      ['add', 'ports[value eq "q"].labels', 'z'],
    ],
    {
      ports: [
        { value: 'p', labels: ['x', 'y'] },
        { value: 'q', labels: ['z'] },
      ],
    },
  ),
  ofUser('E32 a part of every value', [['replace', 'emails.display', 'D']], {
    emails: [
      { ...work, display: 'D' },
      { ...home, display: 'D' },
    ],
  }),
  ofUser('E32 a part of every value: remove', [['remove', 'emails.type']], {
    emails: [{ value: 'a@work', primary: true }, { value: 'a@home' }],
  }),
  ofUser(
    'E32 a part of no value: add makes one',
    [['add', 'emails.value', 'x@x']],
    { emails: [{ value: 'x@x' }] },
    bare,
  ),
  ofUser('E33 a value: add merges', [['add', 'emails[type eq "home"]', { display: 'D' }]], {
    emails: [work, { ...home, display: 'D' }],
  }),
  ofUser(
    'E33 a value: null parts are unassigned by add',
    [['add', 'emails[type eq "work"]', { primary: null, display: 'D' }]],
    { emails: [{ type: 'work', value: 'a@work', display: 'D' }, home] },
  ),
  ofUser('E33 a value: replace, the filter’s terms stay', [['replace', 'emails[type eq "work"]', { value: 'n@x' }]], {
    emails: [{ type: 'work', value: 'n@x' }, home],
  }),
  ofUser(
    'E33 a value: replace, unless the value says otherwise',
    [['replace', 'emails[type eq "work"]', { value: 'n@x', type: 'other' }]],
    { emails: [{ type: 'other', value: 'n@x' }, home] },
  ),
  ofUser('E33 several values: replace by one', [['replace', 'emails[value co "a@"]', { value: 'n@x' }]], {
    emails: [{ value: 'n@x' }],
  }),
  ofUser('E33 a value: remove', [['remove', 'emails[type eq "work"]']], { emails: [home] }),
  ofUser('E33 all values: remove', [['remove', 'emails[value pr]']], { emails: null }),
  ofUser('E34 no match: add makes a value', [['add', 'emails[type eq "other"]', { value: 'o@x' }]], {
    emails: [work, home, { type: 'other', value: 'o@x' }],
  }),
  ofUser(
    'E34 no match: remove changes nothing',
    [
      ['remove', 'emails[type eq "other"]'],
      ['remove', 'ims[type eq "xmpp"].value'],
    ],
    {},
  ),
  ofUser(
    'E35 a part of the matching values',
    [
      ['replace', 'emails[type eq "work"].value', 'n@x'],
      ['add', 'emails[type eq "home"].value', 'h@x'],
    ],
    {
      emails: [
        { ...work, value: 'n@x' },
        { ...home, value: 'h@x' },
      ],
    },
  ),
  ofUser('E35 a part of all matches', [['replace', 'emails[value pr].display', 'D']], {
    emails: [
      { ...work, display: 'D' },
      { ...home, display: 'D' },
    ],
  }),
  ofUser('E35 a part: removed', [['remove', 'addresses[type eq "work"].country']], {
    addresses: [{ type: 'work', locality: 'Rome' }],
  }),
  ofUser('E35 the last part of a value: the value goes', [['remove', 'emails[type eq "work"].value']], {
    emails: [home],
  }),
  ofUser('E35 replace of a part by "" unassigns', [['replace', 'emails[type eq "home"].value', '']], {
    emails: [work],
  }),
  ofUser(
    'E36 no match: add of a part makes a value',
    [['Add', 'emails[type eq "work"].value', 'n@x']],
    { emails: [{ type: 'work', value: 'n@x' }] },
    bare,
  ),
  ofUser(
    'E36 no match: terms joined by and',
    [['add', 'phoneNumbers[type eq "work" and primary eq true].value', '1']],
    { phoneNumbers: [{ type: 'work', primary: true, value: '1' }] },
  ),
  ofUser(
    'E37 several adds build one value',
    [
      ['add', 'addresses[type eq "home"].streetAddress', 'S'],
      ['add', 'addresses[type eq "home"].locality', 'L'],
    ],
    {
      addresses: [
        { type: 'work', locality: 'Rome', country: 'IT' },
        { type: 'home', streetAddress: 'S', locality: 'L' },
      ],
    },
  ),
  ofUser(
    'E37 roles as Entra builds them',
    [
      ['Add', 'roles[primary eq "True"].display', 'D'],
      ['Add', 'roles[primary eq "True"].value', 'V'],
      ['Add', 'roles[primary eq "True"].type', 'T'],
    ],
    { roles: [{ primary: true, display: 'D', value: 'V', type: 'T' }] },
  ),
  ofUser(
    'E38 filters with or, not, pr, co, sw',
    [['remove', 'emails[not (type eq "work") and (value sw "b" or value co "@home")]']],
    { emails: [work] },
  ),
  ofUser('E38 primary eq "True"', [['replace', 'emails[primary eq "True"].value', 'n@x']], {
    emails: [{ ...work, value: 'n@x' }, home],
  }),
  ofUser('E39 a value path on manager: remove', [['Remove', 'manager[value eq "m1"]']], {
    [enterprise]: { department: 'D' },
  }),
  ofUser('E39 a value path on manager that does not match', [['remove', 'manager[value eq "m2"]']], {}),
  ofUser(
    'E39 a value path on no manager: add',
    [['add', 'manager[value eq "m2"]', { value: 'm2' }]],
    { [enterprise]: { manager: { value: 'm2' } } },
    bare,
  ),
  ofUser(
    'E40 an extension attribute',
    [
      ['add', `${enterprise}:employeeNumber`, '7'],
      ['remove', `${enterprise}:department`],
    ],
    { [enterprise]: { employeeNumber: '7', manager: (user[enterprise] as JsonObject)['manager'] } },
  ),
  ofUser(
    'E41 the manager by URN',
    [['replace', `${enterprise}:manager`, { value: 'm2' }]],
    ent({ manager: { value: 'm2' } }),
  ),
  ofUser(
    'E41 the manager’s URI',
    [['replace', `${enterprise}:manager.$ref`, 'https://h/v2/Users/m2/']],
    ent({ manager: { value: 'm2' } }),
  ),
  ofUser('E41 the manager’s id', [['replace', `${enterprise}:manager.value`, 'm2']], ent({ manager: { value: 'm2' } })),
  ofUser(
    'E41 the same manager',
    [['replace', `${enterprise}:manager`, { value: 'm1', $ref: '../Users/m1', displayName: 'Other' }]],
    {},
  ),
  ofUser('E41 no URI, no manager', [['remove', 'manager.$ref']], { [enterprise]: { department: 'D' } }),
  ofUser(
    'E42 an extension attribute without URN',
    [
      ['Add', 'manager', [{ $ref: 'http://h/Users/m2', value: 'm2' }]],
      ['Replace', 'department', 'E'],
    ],
    ent({ department: 'E', manager: { value: 'm2' } }),
  ),
  ofUser('E43 an extension as path', [['add', enterprise, { division: 'V' }]], ent({ division: 'V' })),
  ofUser('E43 an extension as path: remove', [['remove', enterprise]], { [enterprise]: null }),
  ofUser('E44 dotted URN', [['remove', `${enterprise}.manager`]], { [enterprise]: { department: 'D' } }),
  ofUser('E44 URN before a value path', [['replace', `${core}:emails[type eq "work"].value`, 'n@x']], {
    emails: [{ ...work, value: 'n@x' }, home],
  }),
  ofUser('E45 the core URN', [['replace', `${core}:userName`, 'x']], { userName: 'x' }),
  ofUser('E45 the core URN alone', [['replace', core, { title: 'X' }]], { title: 'X' }),
  ofGroup('E46 add a member', [['add', 'members', [{ value: 'u3', $ref: null }]]], {
    members: [u1, u2, { value: 'u3' }],
  }),
  ofGroup('E46 add one that is there', [['add', 'members', [{ value: 'u1', type: 'Group', display: 'x' }]]], {}),
  ofGroup('E46 ids are compared exactly', [['add', 'members', [{ value: 'U1' }]]], {
    members: [u1, u2, { value: 'U1' }],
  }),
  ofGroup('E46 replace the members', [['replace', 'members', [{ value: 'u2' }, { value: 'u3' }]]], {
    members: [u2, { value: 'u3' }],
  }),
  ofGroup('E46 replace by the same in other order', [['replace', 'members', [{ value: 'u2' }, { value: 'u1' }]]], {}),
  ofGroup('E46 remove by filter', [['remove', 'members[value eq "u1"]']], { members: [u2] }),
  ofGroup('E46 remove by value (Entra)', [['Remove', 'members', [{ value: 'u1', $ref: null }]]], { members: [u2] }),
  ofGroup(
    'E46 remove who is no member',
    [
      ['remove', 'members[value eq "u9"]'],
      ['remove', 'members', [{ value: 'u9' }]],
    ],
    {},
  ),
  ofGroup('E46 remove all', [['remove', 'members']], { members: null }),
  ofGroup(
    'E49 id, meta and schemas in a path-less value',
    [['replace', undefined, { schemas: ['x'], id: 'g9', meta: {}, displayName: 'N' }]],
    { displayName: 'N' },
  ),
  ofUser(
    'E49 readOnly parts and keys in a path-less value',
    [
      [
        'replace',
        undefined,
        { groups: [], 'meta.version': 'x', [`${enterprise}:manager.displayName`]: 'x', title: 'X' },
      ],
    ],
    { title: 'X' },
  ),
  ofUser(
    'B5 unknown keys of a path-less value',
    [['replace', undefined, { shoeSize: 1, 'name.nick': 'x', 'urn:x:y': {}, 'a b': 1, title: 'X' }]],
    { title: 'X' },
  ),
  ofUser('E51 password', [['replace', 'password', 'pw']], { password: 'pw' }),
  ofUser(
    'E54 schemas: adding a URN, removing an extension’s',
    [
      ['add', 'schemas', [enterprise]],
      ['replace', 'schemas', [core]],
      ['remove', 'schemas', [enterprise]],
      ['remove', `schemas[value eq "${enterprise}"]`],
    ],
    {},
  ),
  ofUser('E56 booleans as strings', [['Replace', 'active', 'False']], { active: false }),
  ofUser('E60 replace without a value', [['replace', 'title']], { title: null }),
  ofUser('E60 replace by ""', [['replace', 'title', '']], { title: null }),
  ofUser('Part 2.1 add of "" clears the manager', [['Add', 'manager', '']], { [enterprise]: { department: 'D' } }),
  ofUser('Part 2.1 the manager as a bare id', [['Add', 'manager', 'm2']], ent({ manager: { value: 'm2' } })),
  ofUser(
    'Part 2.7 parts of a complex attribute one after the other',
    [
      ['replace', undefined, { name: { familyName: 'A' } }],
      ['replace', undefined, { name: { givenName: 'B' } }],
    ],
    { name: { familyName: 'A', givenName: 'B' } },
    bare,
  ),
  ofUser('E66 a new primary by append', [['add', 'emails', [{ value: 'n@x', primary: true }]]], {
    emails: [{ ...work, primary: false }, home, { value: 'n@x', primary: true }],
  }),
  ofUser('E66 a value that is there made primary by append', [['add', 'emails', [{ ...home, primary: true }]]], {
    emails: [
      { ...work, primary: false },
      { ...home, primary: true },
    ],
  }),
  ofUser('E67 primary of a value', [['replace', 'emails[type eq "home"].primary', true]], {
    emails: [
      { ...work, primary: false },
      { ...home, primary: true },
    ],
  }),
  ofUser('E67 primary by merging', [['add', 'emails[type eq "home"]', { primary: 'True' }]], {
    emails: [
      { ...work, primary: false },
      { ...home, primary: true },
    ],
  }),
  ofUser(
    'E67 primary by replacing the value',
    [['replace', 'emails[type eq "home"]', { value: 'n@x', primary: true }]],
    {
      emails: [
        { ...work, primary: false },
        { type: 'home', value: 'n@x', primary: true },
      ],
    },
  ),
  ofUser('E67 primary of a new value', [['add', 'emails[type eq "other" and primary eq true].value', 'o@x']], {
    emails: [{ ...work, primary: false }, home, { type: 'other', primary: true, value: 'o@x' }],
  }),
  ofUser('E69 without its primary value a list has none', [['remove', 'emails[primary eq true]']], { emails: [home] }),
  ofUser('E70 a new primary without a path', [['add', undefined, { emails: { value: 'n@x', primary: true } }]], {
    emails: [{ ...work, primary: false }, home, { value: 'n@x', primary: true }],
  }),
  ofUser('E71 primary is a boolean', [['replace', 'emails[type eq "home"].primary', 'true']], {
    emails: [
      { ...work, primary: false },
      { ...home, primary: true },
    ],
  }),
  ofUser(
    'E28 a null part of an added value says nothing of the others',
    [['add', 'emails', [{ value: 'o@x', type: null }]]],
    { emails: [work, home, { value: 'o@x' }] },
  ),
  ofUser(
    'E28 a list without value: the same one is not repeated',
    [['add', 'addresses', { country: 'IT', locality: 'Rome', type: 'work' }]],
    {},
  ),
  ofUser(
    'E29 a filter decides what is removed, not the value beside it',
    [['remove', 'emails[type eq "work"]', [{ value: 'a@home' }]]],
    { emails: [home] },
  ),
  ofUser(
    'E33 a value: null parts of a replacement',
    [['replace', 'emails[type eq "work"]', { value: 'n@x', primary: null }]],
    { emails: [{ type: 'work', value: 'n@x' }, home] },
  ),
  ofUser(
    'E39 a part through a value path on no manager',
    [['add', 'manager[value eq "m2"].value', 'm2']],
    { [enterprise]: { manager: { value: 'm2' } } },
    bare,
  ),
  ofGroup('E47 a member merged with itself', [['add', 'members[value eq "u1"]', { value: 'u1', display: 'x' }]], {}),
  {
    rule: 'E43 an optional extension goes with what it requires',
    type: taggedType,
    before: thing,
    operations: [['remove', warranty]],
    changes: { [warranty]: null },
  },
  {
    rule: 'E50 a required list keeps one value',
    type: taggedType,
    before: thing,
    operations: [['remove', 'tags', ['a']]],
    changes: { tags: ['b'] },
  },
  ofThing('E31 a list within a value: replace', [['replace', 'ports[value eq "p"].labels', ['y']]], {
    ports: [{ value: 'p', labels: ['y'] }],
  }),
  ofUser(
    'E33 several values: replace by one primary',
    [['replace', 'emails[value co "a@"]', { value: 'n@x', primary: true }]],
    { emails: [{ value: 'n@x', primary: true }] },
  ),
  ofUser('E54 schemas: several URNs', [['replace', 'schemas', [enterprise, core]]], {}),
  ofThing(
    'E10 an immutable attribute: the same value',
    [
      ['replace', 'serial', 'S'],
      ['add', 'model', { maker: 'M', year: 1 }],
    ],
    { model: { maker: 'M', year: 1 } },
  ),
];

const fails =
  (type: ResourceType, before: JsonObject) =>
  (rule: string, operations: readonly Operation[], scimType: ScimType, detail?: RegExp): Failure => ({
    rule,
    type,
    before,
    operations,
    scimType,
    ...(detail && { detail }),
  });
const badUser = fails(userType, user);
const badGroup = fails(groupType, group);
const badThing = fails(deviceType, thing);

export const failures: readonly Failure[] = [
  badUser('E3 unknown op', [['move', 'title', 'x']], 'invalidSyntax', /^Operations\[0\]: op must be/),
  badUser(
    'E5 one bad operation refuses all',
    [
      ['replace', 'title', 'X'],
      ['add', 'title'],
    ],
    'invalidValue',
    /^Operations\[1\]/,
  ),
  badUser('E13 an index', [['replace', 'emails[0].value', 'x']], 'invalidPath'),
  badUser('E13 a JSON pointer', [['replace', '/name/givenName', 'x']], 'invalidPath'),
  badUser('E20 remove without a path', [['remove', undefined, { title: 'x' }]], 'noTarget'),
  badUser('E21 no path, no value', [['add', undefined]], 'invalidValue'),
  badUser('E21 no path, null', [['replace', undefined, null]], 'invalidValue'),
  badUser('E21 no path, a scalar', [['replace', undefined, 'x']], 'invalidValue'),
  badUser('E21 no path, an array', [['add', undefined, [{ title: 'x' }]]], 'invalidValue'),
  badUser('E21 remove, no path, no value', [['remove', undefined]], 'noTarget'),
  badUser('E26 a scalar for a complex attribute', [['replace', 'name', 'x']], 'invalidValue', /name must be an object/),
  badUser('E34 no match: replace', [['replace', 'emails[type eq "other"]', { value: 'x' }]], 'noTarget'),
  badUser(
    'E34 no match: add by a filter that says too little',
    [['add', 'emails[value co "zzz"]', { value: 'x' }]],
    'noTarget',
  ),
  badUser(
    'E34 no match: add by a filter that contradicts itself',
    [['add', 'emails[type eq "a" and type eq "b"].value', 'x']],
    'noTarget',
  ),
  badUser('E36 no match: replace of a part', [['replace', 'emails[type eq "other"].value', 'x']], 'noTarget'),
  badUser('E36 no match: add of a part by or', [['add', 'ims[type eq "a" or type eq "b"].value', 'x']], 'noTarget'),
  badUser('E32 replace of a part of no value', [['replace', 'ims.value', 'x']], 'noTarget'),
  badUser('E39 a manager that does not match', [['replace', 'manager[value eq "m2"]', { value: 'm3' }]], 'noTarget'),
  badGroup('E47 value of a member: replace', [['replace', 'members[value eq "u1"].value', 'u3']], 'mutability'),
  badGroup('E47 value of a member: add', [['add', 'members[value eq "u1"].value', 'u3']], 'mutability'),
  badGroup('E47 value of a member: remove', [['remove', 'members[value eq "u1"].value']], 'mutability'),
  badGroup('E47 a member by another value', [['replace', 'members[value eq "u1"]', { value: 'u3' }]], 'mutability'),
  badGroup(
    'E47 a member merged with another value',
    [['add', 'members[value eq "u1"]', { value: 'u3' }]],
    'mutability',
  ),
  badUser('E48 id', [['replace', 'id', 'x']], 'mutability', /id is readOnly/),
  badUser('E48 meta', [['replace', 'meta.version', 'x']], 'mutability'),
  badUser('E48 groups', [['add', 'groups', [{ value: 'g' }]]], 'mutability'),
  badUser('E48 groups of a value path', [['remove', 'groups[value eq "g1"]']], 'mutability'),
  badUser('E48 manager.displayName', [['replace', `${enterprise}:manager.displayName`, 'x']], 'mutability'),
  badUser('E50 userName removed', [['remove', 'userName']], 'mutability'),
  badUser('E50 userName null', [['replace', 'userName', null]], 'invalidValue'),
  badUser('E50 userName ""', [['replace', undefined, { userName: '' }]], 'invalidValue'),
  badUser('E50 userName blank', [['add', 'userName', '  ']], 'invalidValue'),
  badGroup('E50 displayName removed', [['remove', 'displayName']], 'mutability'),
  badThing('E50 a required part removed', [['remove', 'ports[value eq "p"].value']], 'mutability'),
  badThing('E50 a required part null', [['add', 'ports[value eq "p"]', { value: null, type: 'x' }]], 'invalidValue'),
  badThing(
    'E50 a new value without a required part',
    [['add', 'ports[type eq "x"].labels', 'y']],
    'invalidValue',
    /ports\.value is required/,
  ),
  badThing('E50 a required extension removed', [['remove', 'urn:example:extension:2.0:Warranty']], 'mutability'),
  badUser('E52 unknown attribute', [['add', 'shoeSize', 1]], 'invalidPath'),
  badUser('E52 unknown part', [['add', 'name.nick', 'x']], 'invalidPath'),
  badUser('E52 unknown URN', [['add', 'urn:x:y:title', 'x']], 'invalidPath'),
  badUser('E53 filter cut short', [['remove', 'emails[type eq']], 'invalidFilter'),
  badUser('E53 filter empty', [['remove', 'emails[]']], 'invalidFilter'),
  badUser('E53 no name', [['add', '.x', 1]], 'invalidPath'),
  badUser('E53 empty part', [['add', 'name..givenName', 'x']], 'invalidPath'),
  badUser('E53 part of a part', [['add', 'emails[type eq "work"].value.x', 'x']], 'invalidPath'),
  badUser('E53 empty path', [['add', '', { title: 'x' }]], 'invalidPath'),
  badUser('E53 filter on a simple attribute', [['add', 'title[value eq "x"]', 'x']], 'invalidPath'),
  badUser('E54 removing the core URN', [['remove', 'schemas', [core]]], 'mutability'),
  badUser('E54 removing all URNs', [['remove', 'schemas']], 'mutability'),
  badUser('E54 replacing without the core URN', [['replace', 'schemas', [enterprise]]], 'mutability'),
  badUser('E54 removing the core URN by filter', [['remove', `schemas[value eq "${core}"]`]], 'mutability'),
  badUser('E55 white space', [['add', ' title', 'x']], 'invalidPath'),
  badUser('E56 no boolean', [['replace', 'active', 'maybe']], 'invalidValue', /active must be true or false/),
  badUser('E57 a number for a string', [['add', 'title', 1]], 'invalidValue'),
  badUser('E58 an object for a string', [['add', 'title', { value: 'x' }]], 'invalidValue'),
  badUser('E59 add without a value', [['add', 'title']], 'invalidValue', /needs a value/),
  badUser('E59 add to an extension without a value', [['add', enterprise]], 'invalidValue'),
  badGroup('E61 a bare id as a member', [['add', 'members', ['u3']]], 'invalidValue'),
  badGroup('E61 a bare id as a member to remove', [['remove', 'members', ['u1']]], 'invalidValue'),
  badGroup('E62 an empty member', [['add', 'members', [{}]]], 'invalidValue'),
  badGroup('E62 an empty member to remove', [['remove', 'members', [{}]]], 'invalidValue'),
  badThing('E63 a date without time', [['add', 'bought', '2026-01-01']], 'invalidValue'),
  badUser('E64 not base64', [['add', 'x509Certificates', [{ value: '?' }]]], 'invalidValue'),
  badUser(
    'E68 two primaries in one value',
    [
      [
        'add',
        'emails',
        [
          { value: 'x', primary: true },
          { value: 'y', primary: true },
        ],
      ],
    ],
    'invalidValue',
    /primary/,
  ),
  badUser('E68 two primaries through a path', [['replace', 'emails.primary', true]], 'invalidValue', /primary/),
  badThing('E10 an immutable attribute: replace', [['replace', 'serial', 'T']], 'mutability'),
  badThing('E10 an immutable part: replace', [['replace', 'model.maker', 'N']], 'mutability'),
  badThing('E10 an immutable part: remove', [['remove', 'model']], 'mutability'),
  badUser('E39 another manager: add', [['add', 'manager[value eq "m2"]', { value: 'm2' }]], 'noTarget'),
  badThing(
    'E43 a required extension replaced by null',
    [['replace', undefined, { [warranty]: null }]],
    'mutability',
    /Warranty is required/,
  ),
  badGroup('E47 a member of another type', [['add', 'members[value eq "u1"]', { type: 'Group' }]], 'mutability'),
  badUser('E54 adding what is no URN', [['add', 'schemas', [1]]], 'invalidValue'),
  badUser('E54 adding nothing', [['add', 'schemas', []]], 'invalidValue'),
  {
    rule: 'E50 the last values of a required list',
    type: taggedType,
    before: thing,
    operations: [['remove', 'tags', ['a', 'b']]],
    scimType: 'mutability',
    detail: /tags is required/,
  },
  {
    rule: 'E50 the last value of a required list by filter',
    type: taggedType,
    before: thing,
    operations: [['remove', 'tags[value pr]']],
    scimType: 'mutability',
  },
  fails(userType, bare)(
    'E39 no manager: replace',
    [['replace', 'manager[value eq "m2"]', { value: 'm2' }]],
    'noTarget',
  ),
  badUser('B14 a key twice', [['replace', undefined, { title: 'x', TITLE: 'y' }]], 'invalidSyntax'),
];
