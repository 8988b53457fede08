import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/scim/json.ts';
import { parseProjection, readQueryParameters } from '../../src/scim/parse-query.ts';
import { afterWrite, isSelected, project, selectedSubAttributes } from '../../src/scim/projection.ts';
import type { Projection } from '../../src/scim/request.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { findAttribute } from '../../src/scim/schema/find-attribute.ts';
import type { ResourceType } from '../../src/scim/schema/schema.ts';
import { core, device, deviceType, enterprise, userType, warranty } from './sample.ts';

const user: Resource = {
  schemas: [core, enterprise],
  id: '1',
  userName: 'b',
  password: 'pw',
  name: { givenName: 'B', familyName: 'J' },
  emails: [{ value: 'a@x', type: 'work' }, { type: 'home' }],
  meta: { resourceType: 'User', location: 'https://x/Users/1' },
  [enterprise]: { department: 'D', manager: { value: 'm', displayName: 'M' } },
};
const thing: Resource = {
  schemas: [device, warranty],
  id: '2',
  serial: 'S',
  secret: 's',
  model: { maker: 'M', pin: '1' },
  ports: [{ value: 'p', type: 'usb', note: 'n', number: 1 }],
  [warranty]: { until: '2026-01-01T00:00:00Z' },
};

function projection(query: string, type: ResourceType): Projection {
  return parseProjection(readQueryParameters(new URLSearchParams(query)), type);
}

function without(resource: Resource, ...names: readonly string[]): Resource {
  return Object.fromEntries(Object.entries(resource).filter(([name]) => !names.includes(name)));
}

const whole = without(user, 'password');
const least = { schemas: [core], id: '1' };
const thingDefault = without(
  { ...thing, model: { maker: 'M' }, ports: [{ value: 'p', type: 'usb', number: 1 }] },
  'secret',
);

const cases: readonly [rule: string, query: string, resource: Resource, type: ResourceType, expected: Resource][] = [
  ['K1 everything by default, but what is never returned', '', user, userType, whole],
  ['K3 id and schemas with what is named', 'attributes=userName', user, userType, { ...least, userName: 'b' }],
  ['K3 two', 'attributes=userName,meta', user, userType, { ...least, userName: 'b', meta: user['meta']! }],
  ['K4 request only when named: not by default', '', thing, deviceType, thingDefault],
  [
    'K4 request only when named: named',
    'attributes=secret',
    thing,
    deviceType,
    { schemas: [device], id: '2', secret: 's' },
  ],
  [
    'K4 request only when named: part',
    'attributes=ports.note',
    thing,
    deviceType,
    { schemas: [device], id: '2', ports: [{ note: 'n', number: 1 }] },
  ],
  [
    'K4 request only when named: not with its parent',
    'attributes=ports',
    thing,
    deviceType,
    { schemas: [device], id: '2', ports: [{ value: 'p', type: 'usb', number: 1 }] },
  ],
  ['K5 never, even if named', 'attributes=password', user, userType, least],
  [
    'K5 a part that is never returned, even if named',
    'attributes=model.pin,model',
    thing,
    deviceType,
    { schemas: [device], id: '2', model: { maker: 'M' } },
  ],
  [
    'K6 excluded',
    'excludedAttributes=emails,name,meta',
    user,
    userType,
    { schemas: [core, enterprise], id: '1', userName: 'b', [enterprise]: user[enterprise]! },
  ],
  ['K6 always stays', 'excludedAttributes=id,schemas', user, userType, whole],
  [
    'K6 an always part stays, the rest of its parent goes',
    'excludedAttributes=ports.value,ports.number,ports.type',
    thing,
    deviceType,
    { ...thingDefault, ports: [{ number: 1 }] },
  ],
  ['K7 a part', 'attributes=name.givenName', user, userType, { ...least, name: { givenName: 'B' } }],
  [
    'K7 a part of each value; values without it go',
    'attributes=emails.value',
    user,
    userType,
    { ...least, emails: [{ value: 'a@x' }] },
  ],
  [
    'K7 a part excluded',
    'excludedAttributes=emails.type,name.familyName',
    user,
    userType,
    { ...whole, emails: [{ value: 'a@x' }], name: { givenName: 'B' } },
  ],
  ['K7 whole and part', 'attributes=name.givenName,name', user, userType, { ...least, name: user['name']! }],
  [
    'K8 any letter case',
    'attributes=USERNAME,Name.GIVENname',
    user,
    userType,
    { ...least, userName: 'b', name: { givenName: 'B' } },
  ],
  ['K8 core URN', `attributes=${core}:userName`, user, userType, { ...least, userName: 'b' }],
  [
    'K8 extension URN',
    `attributes=${enterprise}:manager.value`,
    user,
    userType,
    { schemas: [core, enterprise], id: '1', [enterprise]: { manager: { value: 'm' } } },
  ],
  [
    'K8 a whole extension',
    `attributes=${enterprise}`,
    user,
    userType,
    { schemas: [core, enterprise], id: '1', [enterprise]: user[enterprise]! },
  ],
  [
    'K8 a whole extension excluded',
    `excludedAttributes=${enterprise}`,
    user,
    userType,
    { ...without(whole, enterprise), schemas: [core] },
  ],
  [
    'K8 spaces in the list, repeated parameters',
    'attributes=userName, id&attributes=name.familyName',
    user,
    userType,
    { ...least, userName: 'b', name: { familyName: 'J' } },
  ],
  ['K8 unknown names are ignored', 'attributes=userName,shoeSize,a b', user, userType, { ...least, userName: 'b' }],
  ['K8 only unknown names', 'attributes=shoeSize', user, userType, least],
  ['K9 schemas names what is left', 'excludedAttributes=emails', user, userType, without(whole, 'emails')],
  [
    'K10 a part of meta',
    'attributes=meta.location',
    user,
    userType,
    { ...least, meta: { location: 'https://x/Users/1' } },
  ],
  ['K14 empty values', 'attributes=&excludedAttributes=,', user, userType, whole],
];

describe('project', () => {
  for (const [rule, query, resource, type, expected] of cases) {
    it(rule, () => assert.deepEqual(project(resource, type, projection(query, type)), expected));
  }

  describe('K4 the answer to a write', () => {
    const ref = (attribute: string) => findAttribute(deviceType, { attribute })!;
    const answer = (query: string, ...written: readonly string[]) => {
      const projected = project(thing, deviceType, afterWrite(projection(query, deviceType), written.map(ref)));
      return [projected['secret'], (projected['ports'] as JsonObject[] | undefined)?.[0]?.['note']];
    };

    it('has what the body wrote', () => {
      assert.deepEqual(answer('', 'secret', 'serial'), ['s', undefined]);
      assert.deepEqual(answer('', 'ports'), [undefined, 'n']);
    });

    it('not what it did not', () => assert.deepEqual(answer('', 'serial', 'slots'), [undefined, undefined]));

    it('not what the client did not ask for', () => {
      assert.deepEqual(answer('attributes=serial', 'secret', 'ports'), [undefined, undefined]);
      assert.deepEqual(answer('excludedAttributes=secret,ports.note', 'secret', 'ports'), [undefined, undefined]);
    });
  });

  it('leaves the resource as it is', () => {
    const copy = structuredClone(user);
    project(user, userType, projection('attributes=name.givenName', userType));
    assert.deepEqual(user, copy);
  });
});

describe('isSelected', () => {
  const selections: readonly [
    rule: string,
    query: string,
    attribute: string,
    subAttribute: string | undefined,
    selected: boolean,
  ][] = [
    ['K11 members excluded need not be read', 'excludedAttributes=members', 'emails', undefined, true],
    ['K11 excluded', 'excludedAttributes=emails', 'emails', undefined, false],
    ['K11 excluded: its parts too', 'excludedAttributes=emails', 'emails', 'value', false],
    ['K6 a part excluded leaves the rest', 'excludedAttributes=emails.value', 'emails', undefined, true],
    ['K6 a part excluded', 'excludedAttributes=emails.value', 'emails', 'value', false],
    ['K3 not named', 'attributes=userName', 'emails', undefined, false],
    ['K3 id', 'attributes=userName', 'id', undefined, true],
    ['K7 named by a part', 'attributes=emails.value', 'emails', undefined, true],
    ['K7 the other part', 'attributes=emails.value', 'emails', 'type', false],
    ['K5 never', 'attributes=password', 'password', undefined, false],
  ];
  for (const [rule, query, attribute, subAttribute, selected] of selections) {
    it(`${rule}: ${query}, ${attribute}${subAttribute === undefined ? '' : `.${subAttribute}`}`, () => {
      const ref = findAttribute(userType, { attribute, ...(subAttribute !== undefined && { subAttribute }) })!;
      assert.equal(isSelected(projection(query, userType), ref), selected);
    });
  }

  it('lists the selected parts', () => {
    const ref = findAttribute(userType, { attribute: 'emails' })!;
    const names = (query: string) => selectedSubAttributes(projection(query, userType), ref).map(({ name }) => name);
    assert.deepEqual(names('attributes=emails.type,emails.value'), ['value', 'type']);
    assert.deepEqual(names('excludedAttributes=emails.type,emails.display'), ['value', 'primary']);
    assert.deepEqual(names('attributes=name'), []);
  });
});
