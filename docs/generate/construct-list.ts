// The questions behind the examples of docs/mapping.md.
import type { JsonObject } from '../../src/scim/json.ts';

export interface Construct {
  readonly title: string;
  readonly text: string;
  /** Where in the mapping file `yaml` stands. */
  readonly at: readonly string[];
  readonly yaml: string;
  readonly endpoint?: '/Users' | '/Groups';
  /** Attributes of a create, beside those of `example`. */
  readonly create?: JsonObject;
  readonly change?: { readonly path: string; readonly operations: readonly JsonObject[] };
  readonly filters?: readonly string[];
  /** Path of a resource to delete. */
  readonly remove?: string;
}

const user = ['resourceTypes', 'User', 'attributes'];
const group = ['resourceTypes', 'Group', 'attributes'];

/** The mapping and the directory that every construct starts from. */
export const example = {
  mapping: `
extends: scim-ldap/common/operational.yaml
resourceTypes:
  User:
    endpoint: /Users
    schema: urn:ietf:params:scim:schemas:core:2.0:User
    extensions: [urn:ietf:params:scim:schemas:extension:enterprise:2.0:User]
    entry:
      base: ou=people,dc=example,dc=com
      filter: (objectClass=inetOrgPerson)
      objectClasses: [top, person, organizationalPerson, inetOrgPerson]
      rdn: uid
    attributes:
      meta.version: entryCSN
      userName: uid
      name.familyName: { attribute: sn, default: "\${userName}" }
      name.formatted: { attribute: cn, default: "\${userName}" }
  Group:
    endpoint: /Groups
    schema: urn:ietf:params:scim:schemas:core:2.0:Group
    entry:
      base: ou=groups,dc=example,dc=com
      filter: (objectClass=groupOfNames)
      objectClasses: [top, groupOfNames]
      rdn: cn
    attributes:
      meta.version: entryCSN
      displayName: cn
`,
  ldif: `dn: uid=bjensen,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: bjensen
cn: Barbara Jensen
sn: Jensen
givenName: Barbara
employeeNumber: 701984
telephoneNumber: +1 555 0100
mobile: +1 555 0103
userAccountControl: 66048

dn: ou=sales,ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: sales

dn: ou=leavers,dc=example,dc=com
objectClass: organizationalUnit
ou: leavers

dn: cn=guides,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: guides
member: uid=bjensen,ou=people,dc=example,dc=com

dn: cn=cooks,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: cooks
member: cn=nobody,dc=example,dc=com

dn: cn=staff,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: staff
member: cn=guides,ou=groups,dc=example,dc=com

dn: cn=sailors,ou=groups,dc=example,dc=com
objectClass: posixGroup
cn: sailors
gidNumber: 100
memberUid: bjensen

dn: cn=uidNext,dc=example,dc=com
objectClass: device
objectClass: extensibleObject
cn: uidNext
uidNumber: 10001
`,
  user: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'jsmith' },
  group: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'drivers' },
} as const;

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const bjensen = '<id of bjensen>';

export const constructs: readonly Construct[] = [
  {
    title: 'One attribute',
    text: 'A SCIM path and the LDAP attribute that holds its value. Text is short for a block with `attribute`.',
    at: user,
    yaml: 'title: title',
    create: { title: 'Tour guide' },
    change: { path: `/Users/${bjensen}`, operations: [{ op: 'replace', path: 'title', value: 'Guide' }] },
    filters: ['title sw "Tour"', 'title pr', 'not (title eq "Guide")'],
  },
  {
    title: 'One LDAP attribute for each type',
    text: 'A multi-valued attribute of SCIM is spread over LDAP attributes by `type`. Several values of one LDAP attribute are several elements of that type. `primary` marks the type whose first value is the primary one; clients cannot choose another, and the schema says so: `primary` is readOnly.',
    at: user,
    yaml: `
phoneNumbers[type eq "work"].value: { attribute: telephoneNumber, primary: true }
phoneNumbers[type eq "mobile"].value: mobile`,
    create: {
      phoneNumbers: [
        { type: 'work', value: '+1 555 0101' },
        { type: 'mobile', value: '+1 555 0199' },
      ],
    },
    change: {
      path: `/Users/${bjensen}`,
      operations: [{ op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0102' }],
    },
    filters: ['phoneNumbers[type eq "mobile" and value sw "+1"]', 'phoneNumbers.type eq "work"'],
  },
  {
    title: 'A primary value that clients choose',
    text: 'A key of its own for `primary` names an LDAP attribute that keeps a copy of the primary value. It is written only where the types do not say the same already, and an entry without it shows what they say.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  auxiliaryClasses: [scimPerson]
attributes:
  emails[type eq "work"].value: { attribute: mail, primary: true }
  emails[type eq "home"].value: scimHomeMail
  emails.primary: scimPrimaryMail`,
    create: {
      emails: [
        { type: 'work', value: 'ada@example.com' },
        { type: 'home', value: 'ada@example.org', primary: true },
      ],
    },
    change: {
      path: `/Users/${bjensen}`,
      operations: [{ op: 'add', path: 'emails', value: [{ type: 'home', value: 'babs@example.org', primary: true }] }],
    },
    filters: ['emails[primary eq true and value ew "@example.org"]'],
  },
  {
    title: 'Values without a type',
    text: 'Every value of the LDAP attribute is an element.',
    at: user,
    yaml: 'roles.value: businessCategory',
    create: { roles: [{ value: 'guide' }, { value: 'driver' }] },
    filters: ['roles eq "guide"', 'roles.value co "rive"'],
  },
  {
    title: 'Parts of an address',
    text: 'Each sub-attribute has its own LDAP attribute. `postalAddress` is a transform: lines of text for the client, parted by `$` in the directory.',
    at: user,
    yaml: `
addresses[type eq "work"].locality: l
addresses[type eq "work"].formatted: { attribute: postalAddress, transform: postalAddress }`,
    create: { addresses: [{ type: 'work', locality: 'Oslo', formatted: '1 Main Street\nOslo' }] },
    filters: ['addresses[type eq "work"].locality eq "Oslo"', 'addresses.locality eq "Oslo"'],
  },
  {
    title: 'A value map',
    text: '`values` lists SCIM values with their LDAP values; `otherwise` is what an entry with none of them is. Where the SCIM attribute is `true` or `false`, write the keys in quotes.',
    at: user,
    yaml: 'userType: { attribute: employeeType, values: { Employee: staff, Contractor: extern }, otherwise: Employee }',
    create: { userType: 'Contractor' },
    filters: ['userType eq "Contractor"', 'userType eq "Employee"', 'userType eq "Guest"'],
  },
  {
    title: 'A lock that makes inactive',
    text: 'The transform `accountLock` is for the password policy overlay of OpenLDAP: a locked account cannot bind. Where something else keeps people out, it is a value map (`nsAccountLock`, `loginDisabled`), one bit of a number, or the transform `expiry` for the time at which an account ends: `unit: days` for `shadowExpire`, `unit: fileTime` for `accountExpires`.',
    at: user,
    yaml: 'active: { attribute: pwdAccountLockedTime, transform: accountLock }',
    create: { active: false },
    change: { path: `/Users/${bjensen}`, operations: [{ op: 'replace', path: 'active', value: false }] },
    filters: ['active eq true', 'active eq false'],
  },
  {
    title: 'One bit of a number',
    text: 'The transform `flag`: `bit` is the value of the bit, `means` what it says where it is set. All other bits stay. A new entry begins with the number of `defaults`.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  defaults: { userAccountControl: "512" }
attributes:
  active: { attribute: userAccountControl, transform: flag, options: { bit: 2, means: false } }`,
    create: { active: false },
    change: { path: `/Users/${bjensen}`, operations: [{ op: 'replace', path: 'active', value: false }] },
    filters: ['active eq true', 'active eq false'],
  },
  {
    title: 'A constant',
    text: 'Always this value. It is stored nowhere.',
    at: user,
    yaml: 'locale: { constant: en-US }',
    filters: ['locale eq "en-US"', 'locale eq "nb-NO"'],
  },
  {
    title: 'A default',
    text: 'What a create or a replace writes where the client gives nothing. A placeholder with a bar is the first of the two that has a value.',
    at: user,
    yaml: `
name.givenName: givenName
displayName: { attribute: displayName, default: "\${name.givenName|userName}" }`,
    create: {},
  },
  {
    title: 'A template',
    text: 'Made on reading from other SCIM attributes, and stored nowhere. The directory cannot search by it, so a filter on it is evaluated over what else the filter leaves.',
    at: user,
    yaml: `nickName: { template: "\${userName} the guide" }`,
    filters: ['nickName sw "b" and userName sw "b"'],
  },
  {
    title: 'A reference',
    text: 'The directory holds a DN, the client sees an id. `reference` names the resource types that it may lead to. An id that leads nowhere is refused before anything is written.',
    at: user,
    yaml: 'enterprise:manager: { reference: User, attribute: manager }',
    create: { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: bjensen } } },
    filters: [`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "${bjensen}"`],
  },
  {
    title: 'Members, and a placeholder for groups without any',
    text: 'groupOfNames demands a member. `placeholder` stands in while there is none, in the same modify that adds or removes the others; clients never see it.',
    at: group,
    yaml: 'members: { reference: [User, Group], attribute: member, placeholder: "cn=nobody,dc=example,dc=com" }',
    endpoint: '/Groups',
    create: {},
    change: {
      path: '/Groups/<id of cooks>',
      operations: [{ op: 'add', path: 'members', value: [{ value: bjensen }] }],
    },
    filters: [`members eq "${bjensen}"`],
  },
  {
    title: 'Members by name',
    text: 'With `by` the directory holds the value of an attribute of the target instead of its DN, as posixGroup does.',
    at: ['resourceTypes', 'Group'],
    yaml: `
entry:
  filter: (objectClass=posixGroup)
  objectClasses: [top, posixGroup]
  defaults: { gidNumber: "100" }
attributes:
  members: { reference: User, attribute: memberUid, by: uid }`,
    endpoint: '/Groups',
    create: { members: [{ value: bjensen }] },
    filters: [`members eq "${bjensen}"`],
  },
  {
    title: 'The groups of a user',
    text: 'A backlink is read-only: who holds a reference to this resource. It needs the attribute that it names, here `members`. A list names several.',
    at: ['resourceTypes'],
    yaml: `
User:
  attributes:
    groups: { backlink: Group.members }
Group:
  attributes:
    members: { reference: User, attribute: member, placeholder: "cn=nobody,dc=example,dc=com" }`,
    filters: ['groups eq "<id of guides>"'],
  },
  {
    title: 'Groups in groups',
    text: '`nested: true` shows the groups, too, that a group of the user is in, over any number of steps; their `type` is `indirect`. A group that is both is shown once, as `direct`. Filters on `groups` find whoever shows the group; with `[value eq "..." and type eq "direct"]` only its own members. Groups in between have to be resources, too.',
    at: ['resourceTypes'],
    yaml: `
User:
  attributes:
    groups: { backlink: Group.members, nested: true }
Group:
  attributes:
    members: { reference: [User, Group], attribute: member, placeholder: "cn=nobody,dc=example,dc=com" }`,
    filters: ['groups eq "<id of staff>"', 'groups[value eq "<id of staff>" and type eq "direct"]'],
  },
  {
    title: 'The primary group',
    text: 'A block among the backlinks is for a group that the entry itself names, by a value that the group has, too. It shows as `direct`; the `members` of the group stay what they are, without it. On Active Directory, where the number of the group is the last part of its security identifier: `{ type: Group, attribute: objectSid, by: primaryGroupID, transform: relativeId, options: { domain: "S-1-5-21-..." } }`, with the DomainSID that Get-ADDomain shows and bases in that one domain.',
    at: ['resourceTypes'],
    yaml: `
User:
  attributes:
    groups: { backlink: [Group.members, { type: Group, attribute: gidNumber, by: gidNumber }] }
Group:
  entry: { filter: (objectClass=posixGroup), objectClasses: [top, posixGroup] }
  attributes:
    members: { reference: User, attribute: memberUid, by: uid }`,
    filters: ['groups eq "<id of sailors>"'],
  },
  {
    title: 'A password',
    text: 'Written and never read. `passwordModify` leaves hashing and policy to the directory (RFC 3062); it is an operation of its own after the add, and a create that the policy refuses leaves no entry.',
    at: user,
    yaml: 'password: { write: passwordModify }',
    create: { password: 'a long secret' },
  },
  {
    title: 'A password of Active Directory',
    text: '`quotedUtf16` is the form of `unicodePwd`. The directory takes it over TLS alone, so the gateway does not start without. An account is made inactive, gets its password, and is active from then on; where a step fails the entry goes again. `with` is what is written along with each password: here that its owner has to choose another one. With `generate: true` a create without a password gets one that nobody knows.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  defaults: { userAccountControl: "512" }
attributes:
  active: { attribute: userAccountControl, transform: flag, options: { bit: 2, means: false } }
  password: { attribute: unicodePwd, write: quotedUtf16, with: { pwdLastSet: "0" } }`,
    create: { password: 'secret' },
  },
  {
    title: 'What clients may do',
    text: '`access` narrows it; discovery says so, too.',
    at: user,
    yaml: 'enterprise:employeeNumber: { attribute: employeeNumber, access: writeOnce }',
    change: {
      path: `/Users/${bjensen}`,
      operations: [
        {
          op: 'replace',
          path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber',
          value: '1',
        },
      ],
    },
  },
  {
    title: 'One value at most',
    text: 'Many LDAP attributes may have several values where SCIM shows one. LDAP then cannot say "differs", since another value may be the one that matches. Where your entries have one value, say so, and the directory answers alone.',
    at: user,
    yaml: 'title: { attribute: title, singleValued: true }',
    filters: ['title ne "Guide"'],
  },
  {
    title: 'An attribute of an auxiliary class',
    text: 'Entries that exist need no change: they get the class with the first value that needs it. `boolean` with `absent` says what an entry without a value is.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  auxiliaryClasses: [scimPerson]
attributes:
  active: { attribute: scimActive, transform: boolean, options: { absent: true } }`,
    change: { path: `/Users/${bjensen}`, operations: [{ op: 'replace', path: 'active', value: false }] },
    filters: ['active eq true', 'active eq false'],
  },
  {
    title: 'A schema of your own',
    text: 'Its attributes are named by URN and attribute.',
    at: [],
    yaml: `
schemas:
  urn:example:params:scim:schemas:badge:1.0:User:
    name: Badge
    attributes:
      - { name: number, type: integer, uniqueness: server }
resourceTypes:
  User:
    extensions:
      - urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
      - urn:example:params:scim:schemas:badge:1.0:User
    attributes:
      urn:example:params:scim:schemas:badge:1.0:User:number: employeeNumber`,
    create: { 'urn:example:params:scim:schemas:badge:1.0:User': { number: 4711 } },
    filters: ['urn:example:params:scim:schemas:badge:1.0:User:number eq 4711'],
  },
  {
    title: 'Several bases',
    text: 'Every base is searched. New entries go right below the first one, or below `createBase`.',
    at: ['resourceTypes', 'User', 'entry'],
    yaml: `
base: ["ou=people,dc=example,dc=com", "ou=groups,dc=example,dc=com"]
createBase: ou=people,dc=example,dc=com
scope: one`,
    filters: ['userName eq "bjensen"'],
  },
  {
    title: 'A subtree that is left out',
    text: '`exclude` names subtrees below a base whose entries are not of the type: they are not found, listed or counted, groups do not show them as members, and nobody can refer to them. For directories with one base for everything, such as many of Active Directory. No filter says "not below" on every directory, so what a search finds there is read and passed over.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  base: dc=example,dc=com
  createBase: ou=people,dc=example,dc=com
  exclude: ou=leavers,dc=example,dc=com
delete: { policy: move, container: "ou=leavers,dc=example,dc=com" }`,
    remove: `/Users/${bjensen}`,
  },
  {
    title: 'A place by a value',
    text: '`placement` puts new entries where a value of theirs says, and moves an entry when a change gives it a value of another place, in one request with everything else. Its id stays, and references follow. What has no place goes to `createBase`, else to the first base. Entries that were moved by hand stay where they are until their value changes.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  placement:
    by: enterprise:department
    places: { Sales: "ou=sales,ou=people,dc=example,dc=com" }
attributes:
  enterprise:department: departmentNumber`,
    create: { [enterprise]: { department: 'Sales' } },
    change: {
      path: `/Users/${bjensen}`,
      operations: [{ op: 'replace', path: `${enterprise}:department`, value: 'Sales' }],
    },
  },
  {
    title: 'LDAP attributes that no SCIM attribute holds',
    text: '`entry.defaults` are for new entries: text, a template over SCIM paths, or a number from a counter that no two creates share, however many gateways ask at once (RFC 4525).',
    at: ['resourceTypes', 'User', 'entry'],
    yaml: `
filter: (objectClass=posixAccount)
objectClasses: [top, person, organizationalPerson, inetOrgPerson, posixAccount]
defaults:
  gidNumber: "100"
  homeDirectory: /home/\${userName}
  uidNumber: { counter: { entry: "cn=uidNext,dc=example,dc=com", attribute: uidNumber } }`,
    create: {},
  },
  {
    title: 'Names that follow',
    text: 'A default is made once, unless it says that it follows: `follow: true` beside the `default` of a SCIM attribute, or the LDAP attribute in `entry.follow`. When a change gives what it was made of another value, it is made again, in the same request; the `rdn` among them renames the entry, whose id stays. So the next one may have the old name. What somebody set by hand, and what the client names in the change, is left alone.',
    at: ['resourceTypes', 'User'],
    yaml: `
entry:
  defaults: { description: "Account of \${userName}" }
  follow: [description]
attributes:
  name.givenName: givenName
  name.formatted: { attribute: cn, default: "\${name.givenName} \${name.familyName}", follow: true }`,
    create: { name: { givenName: 'John', familyName: 'Smith' } },
    change: { path: `/Users/${bjensen}`, operations: [{ op: 'replace', path: 'name.familyName', value: 'Berg' }] },
  },
  {
    title: 'What a delete does',
    text: '`delete`, which needs no key: the entry goes. `disable`: it stays, with `active` false, and is shown. `move`: it goes to a container outside of every base, or in an excluded subtree, so that it is a resource no more (404). `disableAndHide`: both. `refuse`: 403. Whoever stays loses its groups and other references as if it had gone, in the same request and before the move; `references: keep` leaves them. An entry whose name is taken in the container gets its id put to the name.',
    at: ['resourceTypes'],
    yaml: `
User:
  delete: { policy: disableAndHide, container: "ou=leavers,dc=example,dc=com" }
  attributes:
    active: { attribute: pwdAccountLockedTime, transform: accountLock }
Group:
  delete: refuse
  attributes:
    members: { reference: User, attribute: member, placeholder: "cn=nobody,dc=example,dc=com" }`,
    remove: `/Users/${bjensen}`,
  },
];
