// Writing: what goes into a new entry comes back out of it, and a change makes the entry say what it shall, by
// modifications of no other attribute.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { planReplace } from '../../src/mapping/plan-change.ts';
import { counterNeeds, type EntryChange, planAdd, planModify, renamedDn } from '../../src/mapping/plan-write.ts';
import { noReferences } from '../../src/mapping/references.ts';
import { equalJson } from '../../src/scim/equal-resources.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { urns } from '../../src/scim/urns.ts';
import {
  addedEntry,
  compilePerson,
  compileShipped,
  contentOf,
  entryOf,
  modifiedEntry,
  resourceOf,
} from './compiled.ts';

const context = { references: noReferences, now: Date.UTC(2026, 0, 1) };

function add(mapping: ResourceMapping, resource: Resource): LdapEntry {
  return addedEntry(planAdd(mapping, resource, context, new Map()));
}

function change(compiled: CompiledMapping, mapping: ResourceMapping, entry: LdapEntry, after: Resource): EntryChange {
  return planModify(compiled, mapping, mapping.mappers, { entry, before: resourceOf(mapping, entry), after }, context);
}

/** Modifications as `operation attribute: values`. */
function printed({ modifications, rename }: EntryChange): string[] {
  return [
    ...modifications.map(
      ({ operation, attribute, values }) => `${operation} ${attribute}: ${values.map(String).join(', ')}`,
    ),
    ...(rename === undefined ? [] : [`rename ${rename}`]),
  ];
}

const word = fc.constantFrom('Ann', 'bo b', 'ß(*)\\', '日本', 'x,y+z="', '#1', 'a$b\\24');
const person: fc.Arbitrary<Resource> = fc
  .record(
    {
      displayName: word,
      title: word,
      nickName: word,
      externalId: word,
      profileUrl: fc.constantFrom('https://a.example/~x', 'https://b.example'),
      active: fc.boolean(),
      preferredLanguage: fc.constantFrom('en', 'de-CH'),
      emails: elements(['work', 'home', 'other'], fc.constantFrom('a@x', 'b@x', 'c@y'), 3),
      phoneNumbers: elements(['work', 'home', 'mobile', 'pager'], fc.constantFrom('+1', '+2', '3 4'), 3),
      addresses: fc.record(
        {
          work: fc.record(
            { streetAddress: word, locality: word, formatted: fc.constantFrom('a\nb', 'c') },
            { requiredKeys: [] },
          ),
          home: fc.record({ region: word, postalCode: word }, { requiredKeys: [] }),
        },
        { requiredKeys: [] },
      ),
      roles: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((values) => values.map((value) => ({ value }))),
      x509Certificates: fc.constantFrom('AAEC', '/w==').map((value) => [{ value }]),
      enterprise: fc.record({ department: word, costCenter: word, employeeNumber: word }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .map(({ addresses, enterprise, ...rest }) => {
    const typed = Object.entries(addresses ?? {}).flatMap(([type, parts]) =>
      Object.keys(parts).length === 0 ? [] : [{ ...parts, type }],
    );
    return {
      ...rest,
      active: rest.active ?? true,
      ...(typed.length === 0 ? {} : { addresses: typed }),
      ...(enterprise === undefined || Object.keys(enterprise).length === 0
        ? {}
        : { [urns.enterpriseUser]: enterprise }),
    };
  });
const named = fc
  .tuple(person, word, word, word)
  .map(([rest, userName, familyName, formatted]): Resource => ({ ...rest, userName, name: { familyName, formatted } }));

function elements(types: readonly string[], values: fc.Arbitrary<string>, maxLength: number) {
  return fc
    .uniqueArray(fc.record({ type: fc.constantFrom(...types), value: values }), {
      minLength: 1,
      maxLength,
      selector: ({ type, value }) => `${type} ${value}`,
    })
    .map((list) => {
      // The first of type work is the primary one: there is no other place for it.
      const primary = list.find(({ type }) => type === 'work');
      return list.map((element) => (element === primary ? { ...element, primary: true } : element));
    });
}

describe('writing', () => {
  let compiled: CompiledMapping;
  let user: ResourceMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    user = getResourceMapping(compiled, 'User');
  });

  it('what is written into a new entry comes back', () => {
    fc.assert(
      fc.property(named, (resource) => {
        const shown = contentOf(resourceOf(user, add(user, resource)));
        assert.ok(equalJson(shown, resource), JSON.stringify([resource, shown]));
      }),
      { numRuns: 300 },
    );
  });

  it('a change makes the entry say what it shall, and touches nothing else', () => {
    fc.assert(
      fc.property(named, named, (before, after) => {
        const entry = add(user, before);
        const planned = change(compiled, user, entry, { ...after, userName: before['userName'] ?? '' });
        const changed = modifiedEntry(entry, planned.modifications);
        const wanted = add(user, { ...after, userName: before['userName'] ?? '' });
        assert.ok(equalJson(resourceOf(user, changed), resourceOf(user, wanted)));
        for (const { attribute } of planned.modifications) {
          if (attribute === 'objectClass') continue;
          assert.notDeepEqual(entry.bytes(attribute), wanted.bytes(attribute), attribute);
        }
        assert.equal(planned.rename, undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('E11: what is equal changes nothing', () => {
    fc.assert(
      fc.property(named, (resource) => {
        const entry = add(user, resource);
        const shuffled = {
          ...resource,
          ...(Array.isArray(resource['roles']) && { roles: [...resource['roles']].reverse() }),
        };
        assert.deepEqual(change(compiled, user, entry, { ...resourceOf(user, entry), ...shuffled }), {
          modifications: [],
        });
      }),
      { numRuns: 100 },
    );
  });

  it('new entries get the classes that their attributes need, and no others', () => {
    const classesOf = (resource: Resource) => add(user, { userName: 'a', ...resource }).strings('objectClass');
    const plain = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'];
    assert.deepEqual(classesOf({}), plain);
    assert.deepEqual(classesOf({ nickName: 'n', externalId: 'e' }), [...plain, 'scimPerson']);
  });

  it('an entry gets a class with the first attribute that needs it', () => {
    const old = entryOf({ uid: ['ann'], cn: ['a'], sn: ['a'], objectClass: ['inetOrgPerson'] });
    const after = { ...resourceOf(user, old), nickName: 'n' };
    assert.deepEqual(printed(change(compiled, user, old, after)), [
      'add objectClass: scimPerson',
      'add scimNickName: n',
    ]);
    const newer = entryOf({ uid: ['ann'], cn: ['a'], sn: ['a'], objectClass: ['inetOrgPerson', 'SCIMPERSON'] });
    assert.deepEqual(printed(change(compiled, user, newer, after)), ['add scimNickName: n']);
  });

  it('an attribute with options needs its class too', async () => {
    const { user: holder } = await compilePerson(['x509Certificates.value: userCertificate;binary'], {
      entry: '      auxiliaryClasses: [pkiUser]',
    });
    assert.deepEqual(add(holder, { userName: 'a', x509Certificates: [{ value: 'AA==' }] }).strings('objectClass'), [
      'top',
      'person',
      'pkiUser',
    ]);
  });

  it('a userName is required', () => {
    assert.throws(() => add(user, { displayName: 'x' }), { scimType: 'invalidValue', detail: 'userName is required.' });
  });

  it('names of entries are escaped', () => {
    assert.equal(add(user, { userName: 'a,b+c="d"' }).dn, 'uid=a\\,b\\+c\\=\\"d\\",ou=people,dc=example,dc=com');
  });

  it('counters and their numbers', async () => {
    const posix = getResourceMapping(await compileShipped('openldap/posix.yaml'), 'User');
    assert.deepEqual(
      counterNeeds(posix).map(({ attribute, counter }) => [attribute, counter.entry]),
      [['uidNumber', 'cn=uidNext,dc=example,dc=com']],
    );
    const entry = addedEntry(planAdd(posix, { userName: 'ann' }, context, new Map([['uidNumber', '1001']])));
    assert.deepEqual(
      ['uidNumber', 'gidNumber', 'homeDirectory'].map((name) => entry.first(name)),
      ['1001', '100', '/home/ann'],
    );
  });

  it('values that no slot can hold are refused, never dropped', () => {
    const rows: [JsonObject, RegExp][] = [
      [
        { emails: [{ value: 'x@y', type: 'fax' }] },
        /^emails: a value of type "fax" cannot be stored; the types are "work", "home", "other"\.$/,
      ],
      [
        {
          photos: [
            { value: 'https://a', type: 'photo' },
            { value: 'https://b', type: 'photo' },
          ],
        },
        /^photos: only one value of type "photo" can be stored\.$/,
      ],
    ];
    for (const [content, detail] of rows) {
      assert.throws(() => add(user, { userName: 'a', ...content }), { scimType: 'invalidValue', detail });
    }
  });

  it('a part that the slot of its type has no place for is refused', async () => {
    const plain = getResourceMapping(await compileShipped('openldap/inet-org-person.yaml'), 'User');
    assert.throws(() => add(plain, { userName: 'a', addresses: [{ type: 'home', locality: 'Oslo' }] }), {
      scimType: 'invalidValue',
      detail: 'addresses: locality of a value of type "home" cannot be stored.',
    });
  });

  it('values without a type go to the primary slot; letter case of types means nothing', () => {
    const entry = add(user, { userName: 'a', emails: [{ value: 'a@x' }, { value: 'b@x', type: 'HOME' }] });
    assert.deepEqual([entry.strings('mail'), entry.strings('scimHomeMail')], [['a@x'], ['b@x']]);
  });

  it('values without a type go to the primary slot wherever it stands', async () => {
    const { user: holder } = await compilePerson([
      'emails[type eq "home"].value: scimHomeMail',
      'emails[type eq "work"].value: { attribute: mail, primary: true }',
    ]);
    assert.deepEqual(add(holder, { userName: 'a', emails: [{ value: 'a@x' }] }).strings('mail'), ['a@x']);
  });

  it('the slot that says most takes an element', async () => {
    const { user: holder } = await compilePerson(['emails.value: mail', 'emails[type eq "home"].value: scimHomeMail']);
    const entry = add(holder, { userName: 'a', emails: [{ value: 'h@x', type: 'home' }, { value: 'a@x' }] });
    assert.deepEqual([entry.strings('mail'), entry.strings('scimHomeMail')], [['a@x'], ['h@x']]);
    assert.throws(() => add(holder, { userName: 'a', emails: [{ value: 'w@x', type: 'work' }] }), {
      detail: 'emails: type of a value of this attribute cannot be stored.',
    });
  });

  it('the primary value goes first, and a change of it is a change of order', () => {
    const entry = add(user, {
      userName: 'a',
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'b@x', type: 'work', primary: true },
      ],
    });
    assert.deepEqual(entry.strings('mail'), ['b@x', 'a@x']);
    const after = {
      ...resourceOf(user, entry),
      emails: [
        { value: 'a@x', type: 'work', primary: true },
        { value: 'b@x', type: 'work' },
      ],
    };
    assert.deepEqual(printed(change(compiled, user, entry, after)), ['replace mail: a@x, b@x']);
  });

  it('another order of values is no change', () => {
    const entry = add(user, {
      userName: 'a',
      emails: [
        { value: 'a@x', type: 'work', primary: true },
        { value: 'b@x', type: 'work' },
        { value: 'h@x', type: 'home' },
        { value: 'i@x', type: 'home' },
      ],
    });
    const emails = [
      { value: 'b@x', type: 'work' },
      { value: 'a@x', type: 'work' },
      { value: 'i@x', type: 'home' },
      { value: 'h@x', type: 'home' },
      { value: 'o@x', type: 'other' },
    ];
    const planned = change(compiled, user, entry, { ...resourceOf(user, entry), emails });
    assert.deepEqual(
      planned.modifications.filter(({ attribute }) => attribute !== 'objectClass').map(({ attribute }) => attribute),
      ['scimOtherMail'],
    );
  });

  it('values that the directory cannot tell apart', async () => {
    const entry = add(user, {
      userName: 'a',
      phoneNumbers: [
        { value: '+1 555-1', type: 'work' },
        { value: '+15551', type: 'work' },
      ],
    });
    assert.deepEqual(entry.strings('telephoneNumber'), ['+1 555-1']);
    const urn = 'urn:test:1.0:User';
    const { user: exact } = await compilePerson([`${urn}:codes: scimRole`], {
      schemas: `  ${urn}: { attributes: [{ name: codes, caseExact: true, multiValued: true }] }`,
      extensions: urn,
    });
    assert.throws(() => add(exact, { userName: 'a', [urn]: { codes: ['x', 'X'] } }), {
      scimType: 'invalidValue',
      detail: 'The directory cannot tell "x" and "X" apart; give one of them.',
    });
  });

  describe('several LDAP values behind one SCIM value', () => {
    const rows: [what: string, entry: Record<string, string[]>, after: JsonObject, changes: string[]][] = [
      ['a new value keeps those that are not shown', { title: ['a', 'b'] }, { title: 'c' }, ['replace title: c, b']],
      ['a hidden value may become the one shown', { title: ['a', 'b'] }, { title: 'b' }, ['delete title: a']],
      ['unassigning leaves nothing to be shown', { title: ['a', 'b'] }, {}, ['delete title: a, b']],
      ['what is shown already is left alone', { title: ['a', 'b'] }, { title: 'a' }, []],
    ];
    for (const [what, attributes, after, changes] of rows) {
      it(what, () => {
        const entry = entryOf({ uid: ['ann'], cn: ['c'], sn: ['s'], ...attributes });
        const { title: _title, ...rest } = resourceOf(user, entry);
        const planned = change(compiled, user, entry, { ...rest, ...after });
        assert.deepEqual(printed(planned), changes);
        const title = resourceOf(user, modifiedEntry(entry, planned.modifications))['title'];
        assert.equal(title, after['title']);
      });
    }

    it('values that the value map does not name stay', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'userType: { attribute: employeeType, values: { full: f, half: h } }',
      ]);
      const entry = entryOf({ uid: ['ann'], employeeType: ['boss', 'f', 'h'] });
      const shown = resourceOf(holder, entry);
      assert.equal(shown['userType'], 'full');
      const { userType: _userType, ...rest } = shown;
      const rows: [Resource, string[]][] = [
        [{ ...rest, userType: 'half' }, ['replace employeeType: h, boss']],
        [rest, ['delete employeeType: f, h']],
      ];
      for (const [after, changes] of rows) {
        const planned = change(own, holder, entry, after);
        assert.deepEqual(printed(planned), changes);
        assert.equal(resourceOf(holder, modifiedEntry(entry, planned.modifications))['userType'], after['userType']);
      }
    });

    it('values that a transform cannot read stay', async () => {
      const urn = 'urn:test:1.0:User';
      const { compiled: own, user: holder } = await compilePerson([`${urn}:levels: scimRole`], {
        schemas: `  ${urn}: { attributes: [{ name: levels, type: integer, multiValued: true }] }`,
        extensions: urn,
      });
      const entry = entryOf({ uid: ['ann'], scimRole: ['1', 'x', '2'] });
      const shown = resourceOf(holder, entry);
      assert.deepEqual(shown[urn], { levels: [1, 2] });
      const planned = change(own, holder, entry, { ...shown, [urn]: { levels: [2, 3] } });
      assert.deepEqual(modifiedEntry(entry, planned.modifications).strings('scimRole').sort(), ['2', '3', 'x']);
    });

    it('a lock after wrong passwords is lifted', () => {
      const entry = entryOf({ uid: ['ann'], cn: ['c'], sn: ['s'], pwdAccountLockedTime: ['20260101000000Z'] });
      const shown = resourceOf(user, entry);
      assert.equal(shown['active'], false);
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, active: true })), [
        'delete pwdAccountLockedTime: 20260101000000Z',
      ]);
    });
  });

  describe('the value that names the entry', () => {
    const base = 'ou=people,dc=example,dc=com';
    it('is the one that is shown, and changes by a rename that keeps the others', () => {
      const entry = entryOf({ uid: ['old', 'ann'], cn: ['c'], sn: ['s'] }, `uid=ann,${base}`);
      const shown = resourceOf(user, entry);
      assert.equal(shown['userName'], 'ann');
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, userName: 'Ann B' })), ['rename uid=Ann B']);
      assert.equal(renamedDn(entry.dn, 'uid=Ann B'), `uid=Ann B,${base}`);
    });

    it('is found in another spelling', () => {
      const entry = entryOf({ uid: ['other', 'ANN'], cn: ['c'], sn: ['s'] }, `uid=ann,${base}`);
      assert.equal(resourceOf(user, entry)['userName'], 'ANN');
    });

    it('counts whatever attribute it is of', () => {
      // An entry from before, named by its cn; the mapping names new ones by uid.
      const entry = entryOf({ uid: ['ann'], cn: ['Ann B', 'Ann C'], sn: ['s'] }, `cn=Ann C,${base}`);
      const shown = resourceOf(user, entry) as Resource & { name: JsonObject };
      assert.equal(shown.name['formatted'], 'Ann C');
      const after = { ...shown, userName: 'bob', name: { ...shown.name, formatted: 'Bob' } };
      assert.deepEqual(printed(change(compiled, user, entry, after)), [
        'delete uid: ann',
        'add uid: bob',
        'rename cn=Bob',
      ]);
    });

    it('of a multi-valued RDN only its part changes', () => {
      const entry = entryOf({ uid: ['ann'], cn: ['Ann'], sn: ['s'] }, `uid=ann+cn=Ann,${base}`);
      const shown = resourceOf(user, entry) as Resource & { name: JsonObject };
      assert.deepEqual(printed(change(compiled, user, entry, { ...shown, userName: 'bob' })), [
        'rename uid=bob+cn=Ann',
      ]);
      const both = { ...shown, userName: 'bob', name: { ...shown.name, formatted: 'Bob' } };
      assert.deepEqual(printed(change(compiled, user, entry, both)), ['rename uid=bob+cn=Bob']);
    });

    it('among several values of a multi-valued attribute', async () => {
      const { compiled: own, user: holder } = await compilePerson(['emails.value: mail']);
      const entry = entryOf({ uid: ['ann'], mail: ['a@x', 'b@x'] }, `mail=a@x,${base}`);
      const shown = resourceOf(holder, entry);
      const withEmails = (...values: string[]) => ({ ...shown, emails: values.map((value) => ({ value })) });
      assert.deepEqual(printed(change(own, holder, entry, withEmails('b@x', 'c@x'))), [
        'add mail: c@x',
        'rename mail=b@x',
      ]);
      assert.deepEqual(printed(change(own, holder, entry, withEmails('a@x', 'c@x'))), [
        'delete mail: b@x',
        'add mail: c@x',
      ]);
      const { emails: _emails, ...none } = shown;
      assert.throws(() => change(own, holder, entry, none), {
        scimType: 'mutability',
        detail: 'emails names the entry.',
      });
    });
  });

  describe('defaults', () => {
    const cases: [what: string, keys: string[], resource: JsonObject, attribute: string, values: string[]][] = [
      [
        'step back where there is a value',
        ['displayName: { attribute: cn, default: "${userName}" }'],
        { displayName: 'Ann' },
        'cn',
        ['Ann'],
      ],
      [
        'may read what another default makes, in any order',
        [
          'name.formatted: { attribute: cn, default: "${displayName}" }',
          'displayName: { attribute: displayName, default: "${userName}" }',
        ],
        {},
        'cn',
        ['ann'],
      ],
      [
        'of a typed value make it where there is none',
        [
          'emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }',
          'emails[type eq "home"].value: scimHomeMail',
        ],
        { emails: [{ value: 'h@x', type: 'home' }] },
        'mail',
        ['ann@x.example'],
      ],
      [
        'of a typed value leave the others alone',
        [
          'emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }',
          'emails[type eq "home"].value: scimHomeMail',
        ],
        { emails: [{ value: 'h@x', type: 'home' }] },
        'scimHomeMail',
        ['h@x'],
      ],
      [
        'of a typed value step back',
        ['emails[type eq "work"].value: { attribute: mail, default: "${userName}@x.example" }'],
        { emails: [{ value: 'w@x', type: 'work' }] },
        'mail',
        ['w@x'],
      ],
      [
        'read the primary value',
        [
          'emails[type eq "work"].value: { attribute: mail, primary: true }',
          'nickName: { attribute: scimNickName, default: "<${emails}>" }',
        ],
        { emails: [{ value: 'w@x', type: 'work' }] },
        'scimNickName',
        ['<w@x>'],
      ],
    ];
    for (const [what, keys, resource, attribute, values] of cases) {
      it(what, async () => {
        const { user: holder } = await compilePerson(keys);
        assert.deepEqual(add(holder, { userName: 'ann', ...resource }).strings(attribute), values);
      });
    }
  });

  describe('passwords as an attribute', () => {
    it('take the place of every password there is', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'password: { attribute: userPassword, write: attribute }',
      ]);
      const plan = planReplace(own, holder, { userName: 'ann', password: 'new' }, []);
      const entry = entryOf({ uid: ['ann'], userPassword: ['{SSHA}1', '{SSHA}2'] });
      assert.deepEqual(printed(plan.change(entry, context)), ['replace userPassword: new']);
      const without = planReplace(own, holder, { userName: 'ann' }, []);
      assert.deepEqual(printed(without.change(entry, context)), []);
    });
  });

  describe('access', () => {
    it('of one type does not bind the others', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'emails[type eq "work"].value: { attribute: mail, access: readOnly }',
        'emails[type eq "home"].value: scimHomeMail',
        'addresses[type eq "work"].country: { attribute: co, access: readOnly }',
        'addresses[type eq "work"].locality: l',
      ]);
      const entry = entryOf({ uid: ['ann'], mail: ['w@x'], co: ['NO'], l: ['Oslo'] });
      const shown = resourceOf(holder, entry);
      const after = {
        ...shown,
        emails: [
          { value: 'other@x', type: 'work' },
          { value: 'h@x', type: 'home' },
        ],
        addresses: [{ type: 'work', locality: 'Bergen' }],
      };
      assert.deepEqual(printed(change(own, holder, entry, after)), [
        'add scimHomeMail: h@x',
        'delete l: Oslo',
        'add l: Bergen',
      ]);
    });

    it('of externalId is what the mapping says', async () => {
      const { compiled: own, user: holder } = await compilePerson([
        'externalId: { attribute: title, access: readOnly }',
      ]);
      const entry = entryOf({ uid: ['ann'], title: ['x'] });
      assert.deepEqual(printed(change(own, holder, entry, { ...resourceOf(holder, entry), externalId: 'y' })), []);
      assert.equal(holder.type.schema.attributes.find(({ name }) => name === 'externalId')?.mutability, 'readOnly');
    });
  });
});
