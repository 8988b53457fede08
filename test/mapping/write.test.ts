// Writing: what goes into a new entry comes back out of it, and a change makes the entry say what it shall, by
// modifications of no other attribute.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LdapEntry } from '../../src/ldap/entry.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { planReplace } from '../../src/mapping/plan-change.ts';
import { counterNeeds, planAdd } from '../../src/mapping/plan-write.ts';
import { equalJson } from '../../src/scim/equal-resources.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { urns } from '../../src/scim/urns.ts';
import {
  add,
  addedEntry,
  change,
  compilePerson,
  compileShipped,
  contentOf,
  context,
  entryOf,
  modifiedEntry,
  printed,
  resourceOf,
} from './compiled.ts';

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

  it('a default is cut to what its transform takes, a value of the client is not', async () => {
    const nickName = 'nickName: { attribute: cn, transform: accountName, default: "${userName}" }';
    const { user: own } = await compilePerson([nickName]);
    const held = (resource: Resource) => add(own, resource).strings('cn');
    assert.deepEqual(held({ userName: 'barbara.jensen-universal@example.com' }), ['barbara.jensen~3f918']);
    assert.deepEqual(held({ userName: 'a@x', nickName: 'own' }), ['own']);
    assert.throws(() => held({ userName: 'a@x', nickName: 'a/b' }), /must be a name of at most 20 characters/);
  });

  it('of addresses the primary one is marked, others stay, and only what differs is written', async () => {
    const own = await compilePerson([
      'emails[type eq "work"].value: { attribute: employeeType, transform: proxyAddress, primary: true }',
    ]);
    const email = (value: string, primary = false) => ({ type: 'work', value, ...(primary ? { primary } : {}) });
    const made = add(own.user, { userName: 'ann', emails: [email('b@x'), email('a@x', true)] });
    assert.deepEqual(made.strings('employeeType'), ['SMTP:a@x', 'smtp:b@x']);
    const entry = entryOf({ uid: ['ann'], employeeType: ['smtp:b@x', 'X500:/o=x', 'SMTP:a@x'] });
    const shown = resourceOf(own.user, entry);
    assert.deepEqual(shown['emails'], [email('a@x', true), email('b@x')]);
    const turned = (emails: JsonObject[]) => printed(change(own.compiled, own.user, entry, { ...shown, emails }));
    assert.deepEqual(turned([email('a@x', true), email('b@x'), email('c@x')]), ['add employeeType: smtp:c@x']);
    assert.deepEqual(turned([email('a@x', true)]), ['delete employeeType: smtp:b@x']);
    assert.deepEqual(turned([email('a@x'), email('b@x', true)]), [
      'delete employeeType: smtp:b@x, SMTP:a@x',
      'add employeeType: SMTP:b@x, smtp:a@x',
    ]);
    assert.deepEqual(turned([email('b@x'), email('a@x', true)]), []);
    const { emails: _emails, ...without } = shown;
    assert.deepEqual(printed(change(own.compiled, own.user, entry, without)), [
      'delete employeeType: smtp:b@x, SMTP:a@x',
    ]);
  });

  it('where a value goes, its transform may have another one stand in', async () => {
    const never = '{ attribute: uidNumber, transform: fileTime, options: { never: "0" } }';
    const own = await compilePerson([`urn:x:ends: ${never}`], {
      schemas: '  urn:x: { attributes: [{ name: ends, type: dateTime }] }',
      extensions: 'urn:x',
    });
    assert.deepEqual(add(own.user, { userName: 'ann' }).strings('uidNumber'), []);
    const entry = entryOf({ uid: ['ann'], uidNumber: ['116444736000000000'] });
    assert.deepEqual(printed(change(own.compiled, own.user, entry, { userName: 'ann' })), [
      'delete uidNumber: 116444736000000000',
      'add uidNumber: 0',
    ]);
    const forever = entryOf({ uid: ['ann'], uidNumber: ['9223372036854775807'] });
    assert.deepEqual(printed(change(own.compiled, own.user, forever, { userName: 'ann' })), []);
  });

  describe('one bit of a number', () => {
    const flag = '{ attribute: uidNumber, transform: flag, options: { bit: 2, means: false } }';
    const options = { entry: '      defaults: { uidNumber: "66048" }' };

    it('is set in the number that new entries begin with', async () => {
      const own = await compilePerson([`active: ${flag}`], options);
      const held = (resource: Resource) => add(own.user, { userName: 'ann', ...resource }).strings('uidNumber');
      assert.deepEqual(held({}), ['66048']);
      assert.deepEqual(held({ active: true }), ['66048']);
      assert.deepEqual(held({ active: false }), ['66050']);
      const bare = await compilePerson([`active: ${flag}`]);
      assert.deepEqual(add(bare.user, { userName: 'ann', active: true }).strings('uidNumber'), []);
      assert.deepEqual(add(bare.user, { userName: 'ann', active: false }).strings('uidNumber'), ['2']);
    });

    it('is changed by taking out the very number that was read', async () => {
      const own = await compilePerson([`active: ${flag}`]);
      const turned = (entry: LdapEntry, active: boolean) => {
        const planned = change(own.compiled, own.user, entry, { ...resourceOf(own.user, entry), active });
        return printed(planned);
      };
      const [enabled, disabled] = [entryOf({ uidNumber: ['262656'] }), entryOf({ uidNumber: ['-2147483646'] })];
      assert.deepEqual(turned(enabled, false), ['delete uidNumber: 262656', 'add uidNumber: 262658']);
      assert.deepEqual(turned(disabled, true), ['delete uidNumber: -2147483646', 'add uidNumber: -2147483648']);
      assert.deepEqual(turned(entryOf({}), false), ['replace uidNumber: 2']);
      assert.deepEqual(turned(enabled, true), []);
      assert.deepEqual(turned(disabled, false), []);
    });

    it('stays where a replace does not name it', async () => {
      const own = await compilePerson([`active: ${flag}`, 'displayName: displayName']);
      const { change: replace } = planReplace(own.compiled, own.user, { userName: 'ann', displayName: 'A' }, []);
      const entry = entryOf({ uid: ['ann'], uidNumber: ['514'] });
      assert.deepEqual(printed(replace(entry, context)), ['replace displayName: A']);
    });
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
      'replace scimNickName: n',
    ]);
    const newer = entryOf({ uid: ['ann'], cn: ['a'], sn: ['a'], objectClass: ['inetOrgPerson', 'SCIMPERSON'] });
    assert.deepEqual(printed(change(compiled, user, newer, after)), ['replace scimNickName: n']);
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

  it('notes the primary value where the types do not tell it', () => {
    const entry = add(user, {
      userName: 'a',
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'b@x', type: 'work', primary: true },
      ],
    });
    assert.deepEqual(entry.strings('mail'), ['a@x', 'b@x']);
    assert.deepEqual(entry.strings('scimPrimaryMail'), ['b@x']);
    const shown = resourceOf(user, entry);
    assert.deepEqual(shown['emails'], [
      { value: 'a@x', type: 'work' },
      { value: 'b@x', type: 'work', primary: true },
    ]);
    const after = {
      ...shown,
      emails: [
        { value: 'a@x', type: 'work', primary: true },
        { value: 'b@x', type: 'work' },
      ],
    };
    assert.deepEqual(printed(change(compiled, user, entry, after)), [
      'delete scimPrimaryMail: b@x',
      'add scimPrimaryMail: a@x',
    ]);
  });

  it('notes nothing where the types tell the primary value', () => {
    const entry = add(user, { userName: 'a', emails: [{ value: 'a@x', type: 'work', primary: true }] });
    assert.deepEqual(entry.strings('scimPrimaryMail'), []);
    const second = [
      { value: 'a@x', type: 'work', primary: true },
      { value: 'b@x', type: 'work' },
    ];
    const grown = change(compiled, user, entry, { ...resourceOf(user, entry), emails: second });
    assert.deepEqual(printed(grown).slice(-2), ['add mail: b@x', 'replace scimPrimaryMail: a@x']);
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
      { value: 'a@x', type: 'work', primary: true },
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

    it('of 100,000 values takes no longer per value than of a few', async () => {
      const { compiled: own, user: holder } = await compilePerson(['nickName: title', 'roles: { attribute: mail }']);
      const values = (from: string) => Array.from({ length: 100_000 }, (_, index) => `${from}${index}@x`);
      const entry = entryOf({ uid: ['ann'], mail: [...values('a'), 'kept@x'] });
      const roles = [...values('b'), 'kept@x'].map((value) => ({ value }));
      const { modifications } = change(own, holder, entry, { ...resourceOf(holder, entry), roles });
      // Comparing each with each would take far longer than a test may.
      assert.deepEqual(
        modifications.map(({ operation, values: given }) => [operation, given.length]),
        [
          ['delete', 100_000],
          ['add', 100_000],
        ],
      );
    });
  });
});
