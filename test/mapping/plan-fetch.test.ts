// Reading: which LDAP attributes a request needs, and the resource that is made of them.
import assert from 'node:assert/strict';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { planFetch, toResource } from '../../src/mapping/plan-fetch.ts';
import { noReferences } from '../../src/mapping/references.ts';
import { parseProjection } from '../../src/scim/parse-query.ts';
import { project } from '../../src/scim/projection.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { compilePerson, compileShipped, compileText, contentOf, entryOf, resourceOf, someId } from './compiled.ts';

/** The attributes that a request with `attributes=` reads, and what it shows of an entry that has just those. */
function read(
  mapping: ResourceMapping,
  entry: LdapEntry,
  attributes: string,
): { reads: readonly string[]; shown: Resource } {
  const projection = parseProjection({ attributes: attributes.split(',') }, mapping.type);
  const plan = planFetch(mapping, projection);
  const wanted = new Set(plan.attributes.map((name) => name.toLowerCase()));
  const fetched = entryOf(Object.fromEntries([...entry.attributes].filter(([name]) => wanted.has(name))), entry.dn);
  const resource = toResource(mapping, fetched, noReferences, plan.mappers, 'https://scim.example');
  return { reads: plan.attributes, shown: contentOf(project(resource, mapping.type, projection)) };
}

describe('reading', () => {
  let compiled: CompiledMapping;
  let user: ResourceMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    user = getResourceMapping(compiled, 'User');
  });
  const ann = entryOf({ uid: ['ann'], sn: ['B'], givenName: ['Ann'], cn: ['Ann B'], mail: ['a@x', 'b@x'], co: ['NO'] });

  it('K: only what the client gets', () => {
    assert.deepEqual(read(user, ann, 'name.givenName'), {
      reads: ['entryUUID', 'givenName'],
      shown: { name: { givenName: 'Ann' } },
    });
    assert.deepEqual(read(user, ann, 'userName,title').reads, ['entryUUID', 'uid', 'title']);
    assert.deepEqual(read(user, ann, 'emails.type').shown, { emails: [{ type: 'work' }, { type: 'work' }] });
  });

  it('the first value of the primary type is the primary one', () => {
    assert.deepEqual(resourceOf(user, ann)['emails'], [
      { value: 'a@x', type: 'work', primary: true },
      { value: 'b@x', type: 'work' },
    ]);
  });

  it('values that no transform can read are not shown', () => {
    const odd = entryOf({
      uid: ['ann'],
      createTimestamp: ['yesterday'],
      mail: [''],
      modifyTimestamp: ['20260101000000Z'],
    });
    const { meta, emails } = resourceOf(user, odd);
    assert.deepEqual(
      [meta, emails],
      [
        {
          resourceType: 'User',
          lastModified: '2026-01-01T00:00:00Z',
          location: `https://scim.example/Users/${someId}`,
        },
        undefined,
      ],
    );
  });

  describe('templates', () => {
    it('are read by what they are made of, whatever else is asked for', async () => {
      const { user: own } = await compilePerson([
        'name.givenName: givenName',
        'name.familyName: sn',
        'name.formatted: { template: "${name.givenName} ${name.familyName}" }',
        'displayName: { template: "${name.formatted} (${userName})" }',
        'title: { template: "${displayName}!" }',
      ]);
      assert.deepEqual(read(own, ann, 'title').shown, { title: 'Ann B (ann)!' });
      assert.deepEqual(read(own, ann, 'displayName').shown, { displayName: 'Ann B (ann)' });
      assert.deepEqual(read(own, ann, 'name.formatted').shown, { name: { formatted: 'Ann B' } });
      assert.deepEqual(read(own, ann, 'name.givenName,displayName').shown, {
        name: { givenName: 'Ann' },
        displayName: 'Ann B (ann)',
      });
      assert.deepEqual(contentOf(resourceOf(own, entryOf({ uid: ['ann'] }))), {
        userName: 'ann',
        displayName: '(ann)',
        title: '(ann)!',
      });
    });

    it('that read each other in a circle come to an end', async () => {
      const { user: own } = await compilePerson([
        'title: { template: "${nickName}" }',
        'nickName: { template: "${title}" }',
      ]);
      assert.deepEqual(contentOf(resourceOf(own, ann)), { userName: 'ann' });
    });

    it('complete values that are there, and make those that the directory does not hold', async () => {
      const { user: own } = await compilePerson([
        'emails[type eq "work"].value: mail',
        'emails[type eq "work"].display: { template: "${userName} at work" }',
        'emails[type eq "other"].value: { template: "${userName}@x.example" }',
      ]);
      assert.deepEqual(resourceOf(own, entryOf({ uid: ['ann'], mail: ['a@x'] }))['emails'], [
        { value: 'a@x', type: 'work', display: 'ann at work' },
        { type: 'other', value: 'ann@x.example' },
      ]);
      assert.deepEqual(resourceOf(own, entryOf({ uid: ['ann'] }))['emails'], [
        { type: 'other', value: 'ann@x.example' },
      ]);
    });
  });

  it('one value can be the primary one', async () => {
    const { user: own } = await compilePerson(['emails[primary eq true].value: mail']);
    assert.deepEqual(resourceOf(own, ann)['emails'], [{ value: 'a@x', primary: true }]);
  });

  it('constants go with the value that they belong to', async () => {
    const { user: own } = await compilePerson([
      'addresses[type eq "work"].locality: l',
      'addresses[type eq "work"].country: { constant: NO }',
      'roles[type eq "base"].value: { constant: member }',
    ]);
    assert.deepEqual(contentOf(resourceOf(own, entryOf({ uid: ['ann'] }))), {
      userName: 'ann',
      roles: [{ type: 'base', value: 'member' }],
    });
    assert.deepEqual(resourceOf(own, entryOf({ uid: ['ann'], l: ['Oslo'] }))['addresses'], [
      { type: 'work', locality: 'Oslo', country: 'NO' },
    ]);
  });

  it('attributes go by the name that the directory uses', async () => {
    const { user: own } = await compilePerson([
      'name.familyName: surname',
      'displayName: commonName',
      'title: TITLE',
      'profileUrl: { attribute: labeledURI, default: "x" }',
    ]);
    const names = own.mappers.flatMap((mapper) => mapper.writes);
    assert.deepEqual(names, ['uid', 'sn', 'cn', 'labeledURI', 'TITLE']);
    assert.deepEqual(contentOf(resourceOf(own, entryOf({ uid: ['ann'], sn: ['B'], cn: ['C'], title: ['t'] }))), {
      userName: 'ann',
      name: { familyName: 'B' },
      displayName: 'C',
      title: 't',
    });
  });

  it('a type without meta and version has both as far as they follow from the entry', async () => {
    const { user: own } = await compilePerson([]);
    assert.equal(own.version, undefined);
    assert.deepEqual(resourceOf(own, ann)['meta'], {
      resourceType: 'User',
      location: `https://scim.example/Users/${someId}`,
    });
  });

  it('a type of an own schema, with values and value paths of its own', async () => {
    const device = getResourceMapping(
      await compileText(`
schemas:
  urn:test:Device:
    attributes:
      - { name: serial, required: true, caseExact: true }
      - { name: tags, multiValued: true }
      - { name: ports, type: complex, multiValued: true, subAttributes: [{ name: value }, { name: type }] }
resourceTypes:
  Device:
    endpoint: /Devices
    schema: urn:test:Device
    entry: { base: "ou=devices,dc=example", filter: (objectClass=device), objectClasses: [device], rdn: cn }
    attributes:
      id: entryUUID
      serial: cn
      tags: description
      ports[type eq "lan"].value: l
`),
      'Device',
    );
    const entry = entryOf({ cn: ['s1'], description: ['a', 'b'], l: ['1', '2'] }, 'cn=s1,dc=example');
    assert.deepEqual(resourceOf(device, entry), {
      schemas: ['urn:test:Device'],
      serial: 's1',
      tags: ['a', 'b'],
      ports: [
        { value: '1', type: 'lan' },
        { value: '2', type: 'lan' },
      ],
      id: someId,
      meta: { resourceType: 'Device', location: `https://scim.example/Devices/${someId}` },
    });
    assert.deepEqual(
      device.type.schema.attributes.map(({ name }) => name),
      ['serial', 'tags', 'ports'],
    );
  });
});
