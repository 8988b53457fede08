// What each SCIM filter becomes with the mapping that ships for OpenLDAP: the LDAP filter to search by, and whether it
// says all, or the filter has to be evaluated over what comes (the residual).
import assert from 'node:assert/strict';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import type { Subschema } from '../../src/ldap/subschema/subschema.ts';
import { isExact } from '../../src/mapping/bounds.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { loadMapping } from '../../src/mapping/file/load-mapping.ts';
import { type CompiledMapping, getResourceMapping } from '../../src/mapping/mapping.ts';
import { filterLookups, planFilter } from '../../src/mapping/plan-filter.ts';
import {
  compilePerson,
  compileShipped,
  compileText,
  filterFor,
  groupTarget,
  personText,
  referencesTo,
  scimSubschema,
  userTarget,
} from './compiled.ts';

const references = referencesTo([userTarget('u1')], {
  findHolders: ({ id, nested }) => {
    const g1 = groupTarget('g1', { member: ['uid=u1,ou=people,dc=example,dc=com', 'cn=nobody,dc=example,dc=com'] });
    const inner = groupTarget('inner', {
      member: ['uid=u2,ou=people,dc=example,dc=com', 'uid=u1,ou=people,dc=example,dc=com'],
    });
    if (id === 'g0') return [groupTarget('g0', {})];
    return id !== 'g1' ? [] : nested ? [g1, inner] : [g1];
  },
});

/** Resource type, SCIM filter, LDAP filter, exact or not. */
const rows: readonly (readonly [type: string, filter: string, ldap: string, reach: 'exact' | 'residual'])[] = [
  ['User', 'userName eq "bjensen"', '(uid=bjensen)', 'residual'],
  ['User', 'userName eq "Bj Ensen"', '(uid=Bj Ensen)', 'residual'],
  ['User', 'userName eq "Ünal"', '(uid=Ünal)', 'residual'],
  ['User', 'userName ne "b"', '(&)', 'residual'],
  ['User', 'userName co "jen"', '(uid=*jen*)', 'residual'],
  ['User', 'userName co "j n"', '(uid=*j n*)', 'residual'],
  ['User', 'userName sw "b"', '(uid=b*)', 'residual'],
  ['User', 'userName ew "n"', '(uid=*n)', 'residual'],
  ['User', 'userName gt "m"', '(uid=*)', 'residual'],
  ['User', 'userName pr', '(uid=*)', 'exact'],
  ['User', 'userName eq ""', '(uid=*)', 'residual'],
  ['User', 'userName co ""', '(uid=*)', 'residual'],
  ['User', 'not (userName eq "b")', '(&)', 'residual'],
  ['User', 'not (userName pr)', '(!(uid=*))', 'exact'],
  ['User', 'userName eq null', '(!(uid=*))', 'exact'],
  ['User', 'externalId eq "A"', '(scimExternalId=A)', 'exact'],
  ['User', 'externalId co "A"', '(scimExternalId=*A*)', 'exact'],
  ['User', 'externalId eq "a b"', '(scimExternalId=a b)', 'residual'],
  ['User', 'profileUrl eq "http://x"', '(scimProfileUrl=http://x)', 'exact'],
  ['User', 'nickName eq "X"', '(scimNickName=X)', 'exact'],
  ['User', 'nickName ne "X"', '(!(scimNickName=X))', 'exact'],
  ['User', 'title eq "Boss"', '(title=Boss)', 'residual'],
  ['User', 'title ne "Boss"', '(&)', 'residual'],
  ['User', 'title pr', '(title=*)', 'exact'],
  ['User', 'title co "b"', '(title=*b*)', 'residual'],
  ['User', 'preferredLanguage eq "en"', '(preferredLanguage=en)', 'exact'],
  ['User', 'preferredLanguage ne "en"', '(!(preferredLanguage=en))', 'exact'],
  [
    'User',
    'emails eq "a@x.example"',
    '(|(mail=a@x.example)(scimHomeMail=a@x.example)(scimOtherMail=a@x.example))',
    'exact',
  ],
  ['User', 'emails.value co "@x"', '(|(mail=*@x*)(scimHomeMail=*@x*)(scimOtherMail=*@x*))', 'exact'],
  ['User', 'emails[type eq "work"].value eq "a@x"', '(mail=a@x)', 'exact'],
  ['User', 'emails[type eq "work"]', '(mail=*)', 'exact'],
  ['User', 'emails[type eq "home" and value ew ".com"]', '(scimHomeMail=*.com)', 'exact'],
  ['User', 'emails.type eq "work"', '(mail=*)', 'exact'],
  ['User', 'emails.type eq "x"', '(|)', 'exact'],
  ['User', 'emails pr', '(|(mail=*)(scimHomeMail=*)(scimOtherMail=*))', 'exact'],
  ['User', 'emails ne "a"', '(&)', 'residual'],
  ['User', 'emails[primary eq true]', '(|(mail=*)(scimHomeMail=*)(scimOtherMail=*))', 'residual'],
  ['User', 'emails.primary eq true', '(|(mail=*)(scimHomeMail=*)(scimOtherMail=*))', 'residual'],
  ['User', 'emails[not (type eq "work")]', '(|(scimHomeMail=*)(scimOtherMail=*))', 'exact'],
  [
    'User',
    'emails[value eq "a" or value eq "b"]',
    '(|(mail=a)(mail=b)(scimHomeMail=a)(scimHomeMail=b)(scimOtherMail=a)(scimOtherMail=b))',
    'exact',
  ],
  [
    'User',
    'emails[value sw "a" and value ew "b"]',
    '(|(&(mail=a*)(mail=*b))(&(scimHomeMail=a*)(scimHomeMail=*b))(&(scimOtherMail=a*)(scimOtherMail=*b)))',
    'residual',
  ],
  ['User', 'emails eq "ü@x"', '(|(mail=*)(scimHomeMail=ü@x)(scimOtherMail=ü@x))', 'residual'],
  [
    'User',
    'phoneNumbers eq "+1 555-1"',
    '(|(telephoneNumber=+1 555-1)(homePhone=+1 555-1)(mobile=+1 555-1)(facsimileTelephoneNumber=*)(pager=+1 555-1)(scimOtherPhone=+1 555-1))',
    'residual',
  ],
  ['User', 'phoneNumbers[type eq "mobile"].value co "55"', '(mobile=*55*)', 'residual'],
  [
    'User',
    'phoneNumbers co "-"',
    '(|(telephoneNumber=*)(homePhone=*)(mobile=*)(facsimileTelephoneNumber=*)(pager=*)(scimOtherPhone=*))',
    'residual',
  ],
  ['User', 'phoneNumbers[type eq "fax"].value eq "1"', '(facsimileTelephoneNumber=*)', 'residual'],
  ['User', 'addresses[type eq "work"].formatted eq "a b"', '(postalAddress=*)', 'residual'],
  ['User', 'addresses[type eq "work" and locality eq "Oslo"]', '(l=Oslo)', 'residual'],
  ['User', 'addresses.country eq "NO"', '(|(co=NO)(scimHomeCountry=NO))', 'residual'],
  [
    'User',
    'addresses pr',
    '(|(street=*)(l=*)(st=*)(postalCode=*)(postalAddress=*)(co=*)(homePostalAddress=*)(scimHomeStreet=*)(scimHomeLocality=*)(scimHomeRegion=*)(scimHomePostalCode=*)(scimHomeCountry=*))',
    'exact',
  ],
  [
    'User',
    'name pr',
    '(|(sn=*)(givenName=*)(cn=*)(scimMiddleName=*)(scimHonorificPrefix=*)(scimHonorificSuffix=*))',
    'exact',
  ],
  ['User', 'name.familyName eq "J"', '(sn=J)', 'residual'],
  ['User', 'name.familyName ne "J"', '(&)', 'residual'],
  ['User', 'name[familyName eq "J" and givenName pr]', '(&(sn=J)(givenName=*))', 'residual'],
  ['User', 'active eq true', '(!(pwdAccountLockedTime=*))', 'exact'],
  ['User', 'active eq false', '(pwdAccountLockedTime=*)', 'exact'],
  ['User', 'active ne true', '(pwdAccountLockedTime=*)', 'exact'],
  ['User', 'active pr', '(&)', 'exact'],
  ['User', 'meta.created ge "2026-01-01T00:00:00Z"', '(createTimestamp>=20260101000000Z)', 'exact'],
  [
    'User',
    'meta.lastModified lt "2026-01-01T00:00:00.5Z"',
    '(&(modifyTimestamp=*)(!(modifyTimestamp>=20260101000000.500Z)))',
    'exact',
  ],
  [
    'User',
    'meta.created eq "2026-01-01T00:00:00Z"',
    '(&(createTimestamp>=20260101000000Z)(!(createTimestamp>=20260101000000.001Z)))',
    'exact',
  ],
  ['User', 'meta.created pr', '(createTimestamp=*)', 'exact'],
  ['User', 'meta.resourceType eq "User"', '(&)', 'exact'],
  ['User', 'meta.resourceType eq "user"', '(|)', 'exact'],
  ['User', 'meta.resourceType ne "User"', '(|)', 'exact'],
  ['User', 'meta pr', '(&)', 'exact'],
  ['User', 'meta.location pr', '(&)', 'exact'],
  ['User', 'meta.version eq "W/\\"x\\""', '(&)', 'residual'],
  ['User', 'meta.location co "x"', '(&)', 'residual'],
  ['User', 'id eq "11111111-2222-4333-8444-555555555555"', '(entryUUID=11111111-2222-4333-8444-555555555555)', 'exact'],
  ['User', 'id eq "11111111-2222-4333-8444-55555555555A"', '(|)', 'exact'],
  ['User', 'id eq "x"', '(|)', 'exact'],
  ['User', 'id ne "x"', '(&)', 'exact'],
  ['User', 'id pr', '(entryUUID=*)', 'exact'],
  ['User', 'id co "1"', '(&)', 'residual'],
  ['User', 'schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"', '(&)', 'exact'],
  [
    'User',
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
    '(|(employeeNumber=*)(scimCostCenter=*)(o=*)(scimDivision=*)(departmentNumber=*)(manager=*))',
    'residual',
  ],
  ['User', 'schemas eq "urn:x"', '(|)', 'exact'],
  [
    'User',
    'schemas ne "urn:ietf:params:scim:schemas:core:2.0:User"',
    '(|(employeeNumber=*)(scimCostCenter=*)(o=*)(scimDivision=*)(departmentNumber=*)(manager=*))',
    'residual',
  ],
  ['User', 'schemas pr', '(&)', 'exact'],
  ['User', 'x509Certificates eq "YQ=="', '(userCertificate;binary=*)', 'residual'],
  ['User', 'x509Certificates pr', '(userCertificate;binary=*)', 'exact'],
  ['User', 'roles eq "admin"', '(scimRole=admin)', 'exact'],
  ['User', 'roles ne "admin"', '(&)', 'residual'],
  ['User', 'roles.value pr', '(scimRole=*)', 'exact'],
  ['User', 'manager eq "u1"', '(manager=uid=u1,ou=people,dc=example,dc=com)', 'residual'],
  ['User', 'manager.value eq "nobody"', '(|)', 'exact'],
  ['User', 'manager ne "u1"', '(&)', 'residual'],
  ['User', 'manager pr', '(manager=*)', 'residual'],
  ['User', 'manager.displayName co "U"', '(manager=*)', 'residual'],
  [
    'User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq "u1"]',
    '(manager=uid=u1,ou=people,dc=example,dc=com)',
    'residual',
  ],
  [
    'User',
    'groups eq "g1"',
    '(|(entryDN=uid=u1,ou=people,dc=example,dc=com)(entryDN=cn=nobody,dc=example,dc=com))',
    'exact',
  ],
  ['User', 'groups.value eq "g0"', '(|)', 'exact'],
  ['User', 'groups.value eq "g2"', '(|)', 'exact'],
  [
    'User',
    'groups[value eq "g1"]',
    '(|(entryDN=uid=u1,ou=people,dc=example,dc=com)(entryDN=cn=nobody,dc=example,dc=com))',
    'exact',
  ],
  ['User', 'groups pr', '(&)', 'residual'],
  ['User', 'groups ne "g1"', '(&)', 'residual'],
  ['User', 'groups.display co "x"', '(&)', 'residual'],
  [
    'User',
    'not (groups eq "g1")',
    '(!(|(entryDN=uid=u1,ou=people,dc=example,dc=com)(entryDN=cn=nobody,dc=example,dc=com)))',
    'exact',
  ],
  [
    'User',
    'department eq "x" and userName sw "b" and active eq true',
    '(&(departmentNumber=x)(uid=b*)(!(pwdAccountLockedTime=*)))',
    'residual',
  ],
  ['User', 'userName eq "a" or title co "x"', '(|(uid=a)(title=*x*))', 'residual'],
  ['User', 'userName eq "*)(uid=*"', '(uid=\\2a\\29\\28uid=\\2a)', 'residual'],
  ['User', 'displayName co "\\\\2a(|"', '(displayName=*\\5c2a\\28|*)', 'exact'],
  ['User', 'displayName sw "\\u0000"', '(displayName=\\00*)', 'residual'],
  ['User', 'displayName eq "\\u0007"', '(displayName=\\07)', 'residual'],
  ['User', 'name.familyName sw "*"', '(sn=\\2a*)', 'residual'],
  ['Group', 'displayName eq "X"', '(cn=X)', 'residual'],
  ['Group', 'members eq "u1"', '(member=uid=u1,ou=people,dc=example,dc=com)', 'exact'],
  ['Group', 'members[value eq "u1"]', '(member=uid=u1,ou=people,dc=example,dc=com)', 'exact'],
  ['Group', 'members[value eq "u1" or value eq "zz"]', '(member=uid=u1,ou=people,dc=example,dc=com)', 'exact'],
  ['Group', 'members.value eq "zz"', '(|)', 'exact'],
  ['Group', 'members pr', '(member=*)', 'residual'],
  ['Group', 'members ne "u1"', '(&)', 'residual'],
  ['Group', 'members.type eq "User"', '(member=*)', 'residual'],
  ['Group', 'members.$ref co "x"', '(member=*)', 'residual'],
  ['Group', 'not (members eq "u1")', '(!(member=uid=u1,ou=people,dc=example,dc=com))', 'exact'],
  ['Group', 'members[value eq "u1" and type eq "User"]', '(member=*)', 'residual'],
  [
    'Group',
    'id eq "11111111-2222-4333-8444-555555555555" and members eq "u1"',
    '(&(entryUUID=11111111-2222-4333-8444-555555555555)(member=uid=u1,ou=people,dc=example,dc=com))',
    'exact',
  ],
];

describe('planFilter', () => {
  let compiled: CompiledMapping;
  let withoutEntryDn: CompiledMapping;
  before(async () => {
    compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    withoutEntryDn = await compileShipped('openldap/inet-org-person-scim.yaml', { matchEntryDn: false });
  });

  for (const [type, filter, ldap, reach] of rows) {
    it(`${type}: ${filter}`, () => {
      const mapping = getResourceMapping(compiled, type);
      const bounds = planFilter(filterFor(mapping, filter), mapping, references);
      assert.deepEqual([printLdapFilter(bounds.upper), isExact(bounds) ? 'exact' : 'residual'], [ldap, reach]);
    });
  }

  it('membership is a residual where the directory does not answer for entryDN', () => {
    const mapping = getResourceMapping(withoutEntryDn, 'User');
    const bounds = planFilter(filterFor(mapping, 'groups eq "g1"'), mapping, references);
    assert.deepEqual([printLdapFilter(bounds.upper), isExact(bounds)], ['(&)', false]);
  });

  it('membership by key is looked at again: the two sides may compare letter case differently', async () => {
    const mapping = getResourceMapping(await compileShipped('openldap/posix.yaml'), 'User');
    const byKey = { ...references, findHolders: () => [groupTarget('g1', { memberUid: ['u1', 'u2'] })] };
    const bounds = planFilter(filterFor(mapping, 'groups eq "g1"'), mapping, byKey);
    assert.deepEqual([printLdapFilter(bounds.upper), isExact(bounds)], ['(|(uid=u1)(uid=u2))', false]);
  });

  for (const [by, reach] of [
    ['gidNumber', 'exact'],
    ['uid', 'residual'],
  ] as const)
    it(`the group that an entry names by ${by} is part of the filter, ${reach}`, async () => {
      const source = `{ type: Group, attribute: gidNumber, by: ${by} }`;
      const changes = `resourceTypes: { User: { attributes: { groups: { backlink: [Group.members, ${source}] } } } }`;
      const mapping = getResourceMapping(
        await compileShipped('openldap/inet-org-person-scim.yaml', { changes }),
        'User',
      );
      const holders = [groupTarget('g1', { member: ['uid=u1,ou=people,dc=example,dc=com'], gidNumber: ['100'] })];
      const bounds = planFilter(filterFor(mapping, 'groups eq "g1"'), mapping, {
        ...references,
        findHolders: () => holders,
      });
      assert.equal(printLdapFilter(bounds.upper), `(|(entryDN=uid=u1,ou=people,dc=example,dc=com)(${by}=100))`);
      assert.equal(isExact(bounds) ? 'exact' : 'residual', reach);
    });

  describe('groups in groups', () => {
    const nested = (options: { matchEntryDn: boolean; backLinks?: ReadonlyMap<string, string> }) =>
      compileShipped('openldap/inet-org-person-scim.yaml', {
        ...options,
        changes: 'resourceTypes: { User: { attributes: { groups: { backlink: Group.members, nested: true } } } }',
      });
    const members =
      '(|(entryDN=uid=u1,ou=people,dc=example,dc=com)(entryDN=cn=nobody,dc=example,dc=com)(entryDN=uid=u2,ou=people,dc=example,dc=com))';
    const kept = '(|(memberOf=cn=g1,ou=groups,dc=example,dc=com)(memberOf=cn=inner,ou=groups,dc=example,dc=com))';
    for (const [title, options, filter, ldap, lookups] of [
      ['are asked for by all their members, each once', { matchEntryDn: true }, 'groups eq "g1"', members, 1],
      ['negated', { matchEntryDn: true }, 'not (groups eq "g1")', `(!${members})`, 1],
      ['of no such group', { matchEntryDn: true }, 'groups eq "g2"', '(|)', 1],
      ['by memberOf', { matchEntryDn: false, backLinks: new Map([['member', 'memberOf']]) }, 'groups eq "g1"', kept, 1],
      ['are not looked up where no filter can name them', { matchEntryDn: false }, 'groups eq "g1"', '(&)', 0],
      ['by type', { matchEntryDn: true }, 'groups[value eq "g1" and type eq "direct"]', '(&)', 0],
    ] as const)
      it(title, async () => {
        const mapping = getResourceMapping(await nested(options), 'User');
        const resolved = filterFor(mapping, filter);
        assert.equal(filterLookups(resolved, mapping).length, lookups);
        const bounds = planFilter(resolved, mapping, references);
        assert.equal(printLdapFilter(bounds.upper), ldap);
        assert.equal(isExact(bounds), lookups === 1);
      });
  });

  it('a value map compares letter case where the attribute does', async () => {
    const ldapOf = async (caseExact: boolean) => {
      const key = `userType: { attribute: employeeType, caseExact: ${caseExact}, values: { full: f } }`;
      const { user } = await compilePerson([key]);
      return printLdapFilter(planFilter(filterFor(user, 'userType eq "FULL"'), user, references).upper);
    };
    assert.deepEqual([await ldapOf(false), await ldapOf(true)], ['(employeeType=f)', '(|)']);
  });

  it('names the lookups that it will want answered', () => {
    const user = getResourceMapping(compiled, 'User');
    const group = getResourceMapping(compiled, 'Group');
    assert.deepEqual(filterLookups(filterFor(user, 'manager eq "u1" and not (groups[value eq "g1"])'), user), [
      { kind: 'ids', types: ['User'], ids: ['u1'] },
      {
        kind: 'holders',
        sources: [{ type: 'Group', attribute: 'member', targets: ['User', 'Group'], dnAttribute: 'entryDN' }],
        nested: false,
        id: 'g1',
      },
    ]);
    assert.deepEqual(filterLookups(filterFor(group, 'members[value eq "u1" or value eq "u2"]'), group), [
      { kind: 'ids', types: ['User', 'Group'], ids: ['u1', 'u2'] },
    ]);
    assert.deepEqual(filterLookups(filterFor(user, 'groups pr or userName eq "x"'), user), []);
  });

  it('G34: password is no filter', () => {
    const user = getResourceMapping(compiled, 'User');
    assert.throws(() => filterFor(user, 'password eq "x"'), { scimType: 'invalidFilter' });
  });
});

// Active Directory publishes none, and Windows compares without accents and width.
describe('filters where matching rules are assumed', () => {
  const assumed: Subschema = {
    ...scimSubschema,
    attributeType(name) {
      const type = scimSubschema.attributeType(name);
      return type === undefined ? undefined : { ...type, assumedRules: true };
    },
  };
  for (const [filter, ldap, reach] of [
    ['displayName eq "Babs"', '(displayName=Babs)', 'residual'],
    ['displayName eq "José"', '(displayName=José)', 'residual'],
    ['displayName ne "Babs"', '(&)', 'residual'],
    ['displayName sw "Ba"', '(displayName=Ba*)', 'residual'],
    ['displayName co " "', '(displayName=*)', 'residual'],
    ['displayName gt "Ba"', '(displayName=*)', 'residual'],
    ['displayName pr', '(displayName=*)', 'exact'],
  ] as const)
    it(filter, async () => {
      const mapping = getResourceMapping(await compileText(personText(['displayName: displayName']), assumed), 'User');
      const bounds = planFilter(filterFor(mapping, filter), mapping, references);
      assert.equal(printLdapFilter(bounds.upper), ldap);
      assert.equal(isExact(bounds) ? 'exact' : 'residual', reach);
    });
});

// Active Directory.
describe('filters on groups where the directory keeps memberOf', () => {
  for (const [filter, ldap, lookups] of [
    ['groups.value eq "g1"', '(memberOf=cn=g1,ou=groups,dc=example,dc=com)', 1],
    ['not (groups eq "g1")', '(!(memberOf=cn=g1,ou=groups,dc=example,dc=com))', 1],
    ['groups[value eq "g2"]', '(|)', 1],
    ['groups.display co "x"', '(&)', 0],
  ] as const)
    it(filter, async () => {
      const loaded = await loadMapping(
        new URL('../../mappings/openldap/inet-org-person.yaml', import.meta.url).pathname,
      );
      assert.ok(loaded.mapping);
      const backLinks = new Map([['member', 'memberOf']]);
      const compiled = compileMapping(loaded.mapping, {
        subschema: scimSubschema,
        live: true,
        matchEntryDn: true,
        backLinks,
      });
      assert.ok(compiled.mapping);
      const mapping = getResourceMapping(compiled.mapping, 'User');
      const resolved = filterFor(mapping, filter);
      const needs = filterLookups(resolved, mapping);
      assert.deepEqual(
        needs.map(({ kind }) => kind),
        Array.from({ length: lookups }, () => 'holders'),
      );
      const bounds = planFilter(resolved, mapping, references);
      assert.equal(printLdapFilter(bounds.upper), ldap);
      assert.equal(isExact(bounds), lookups === 1);
    });
});
