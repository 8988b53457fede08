// Names by which one recognises what a directory holds: classes of people and of groups, attributes that never change or
// that people log in by, and the mapping that ships for it. `init` looks for them; nothing else goes by them.
import type { LdapEntry } from '../entry.ts';

export interface Landmarks {
  /** Name of the product, for people. */
  readonly product: string;
  /** The first one whose conditions hold, below `scim-ldap/`. */
  readonly mappings: readonly ShippedMapping[];
  /** LDAP filters (RFC 4515). */
  readonly people: string;
  readonly groups: string;
  /** Classes of people, the one that says most first. */
  readonly personClasses: readonly string[];
  readonly groupClasses: readonly string[];
  /** What the mapping gives new entries. */
  readonly newPerson: readonly string[];
  /** By the attribute that holds members, in lower case. */
  readonly newGroup: ReadonlyMap<string, readonly string[]>;
  /** The class that the mapping finds people by, where it goes by one class. */
  readonly foundBy?: string;
  /** What names people in the mapping, where entries can be named by any attribute. */
  readonly rdn?: string;
  /** Attributes that can be the id, the best first, with the transform that each needs. */
  readonly ids: readonly (readonly [attribute: string, transform: string | undefined])[];
  /** The first one is the id of the mapping, on every server of the product. */
  readonly idIsSure: boolean;
  /** Attributes that can be the userName, the most usual first. */
  readonly userNames: readonly string[];
  /** Of DNs, of DNs with a number, of names. */
  readonly members: readonly [dns: string, numbered: string, names: string];
  /** Unix accounts and groups, with the number that each group must have. */
  readonly unix: { readonly account: string; readonly group: string; readonly number: string };
  /** What keeps an account from logging in, and the control that the root DSE names where that is watched for. */
  readonly lock: { readonly attribute: string; readonly control?: string };
  /** A variable of the mapping that is the part of these values behind the @. */
  readonly domain?: { readonly variable: string; readonly attribute: string };
  /** Classes, in lower case, that no new entry needs: the server adds them, or the mapping does when it writes. */
  readonly comeByThemselves: ReadonlySet<string>;
  /** Where people may be, of what the root DSE names. */
  contexts(rootDse: LdapEntry): readonly string[];
}

export interface ShippedMapping {
  readonly file: string;
  /** The userName has to be this attribute. */
  readonly userName?: string;
  /** The schema has to have this class. */
  readonly objectClass?: string;
  /** People have to have this attribute. */
  readonly attribute?: string;
}

/** The part that makes any mapping one with groups by the second of `members`. */
export const numberedMembers = 'common/group-of-unique-names.yaml';

const anyOf = (classes: readonly string[]): string => `(|${classes.map((name) => `(objectClass=${name})`).join('')})`;

const personClasses = ['inetOrgPerson', 'organizationalPerson', 'person', 'account', 'posixAccount'];
const groupClasses = ['groupOfNames', 'groupOfUniqueNames', 'groupOfMembers', 'posixGroup'];

const common: Landmarks = {
  product: 'unknown, taken by what it promises',
  mappings: [
    { file: 'openldap/inet-org-person-scim.yaml', objectClass: 'scimPerson' },
    { file: 'openldap/inet-org-person.yaml' },
  ],
  people: anyOf(personClasses),
  groups: anyOf(groupClasses),
  personClasses,
  groupClasses,
  newPerson: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
  newGroup: new Map([
    ['member', ['top', 'groupOfNames']],
    ['uniquemember', ['top', 'groupOfUniqueNames']],
  ]),
  ids: [
    ['entryUUID', 'uuid'],
    ['nsUniqueId', undefined],
    ['ipaUniqueID', undefined],
  ],
  idIsSure: false,
  userNames: ['uid', 'mail', 'cn'],
  members: ['member', 'uniqueMember', 'memberUid'],
  unix: { account: 'posixAccount', group: 'posixGroup', number: 'gidNumber' },
  lock: { attribute: 'pwdAccountLockedTime', control: '1.3.6.1.4.1.42.2.27.8.5.1' },
  comeByThemselves: new Set([
    'extensibleobject',
    'nsmemberof',
    'scimgroup',
    'scimperson',
    'shadowaccount',
    'simplesecurityobject',
  ]),
  contexts: (rootDse) => rootDse.strings('namingContexts').filter((dn) => dn !== ''),
};

/** Of OpenLDAP and of whatever else there is. */
export const usualLandmarks: Landmarks = { ...common, foundBy: 'inetOrgPerson', rdn: 'uid' };

export const openldapLandmarks: Landmarks = { ...usualLandmarks, product: 'OpenLDAP', idIsSure: true };

export const ds389Landmarks: Landmarks = {
  ...usualLandmarks,
  product: '389 Directory Server',
  mappings: [
    // Beside the classes it needs the USN plug-in, which shows in the entries.
    { file: '389-ds/inet-org-person-scim.yaml', objectClass: 'scimPerson', attribute: 'entryusn' },
    { file: '389-ds/inet-org-person.yaml' },
  ],
  ids: [
    ['nsUniqueId', undefined],
    ['entryUUID', 'uuid'],
  ],
  idIsSure: true,
  lock: { attribute: 'nsAccountLock' },
  contexts: (rootDse) =>
    usualLandmarks.contexts(rootDse).filter((dn) => !/^(?:cn=(?:changelog|config|monitor|schema)|o=ipaca)$/i.test(dn)),
};

export const activeDirectoryLandmarks: Landmarks = {
  ...common,
  product: 'Active Directory',
  mappings: [
    { file: 'active-directory/user-principal-name.yaml', userName: 'userPrincipalName' },
    { file: 'active-directory/sam-account-name.yaml' },
  ],
  // Administrator, krbtgt, Domain Users and the like are critical (MS-ADTS 2.355).
  people: '(&(objectCategory=person)(objectClass=user)(!(isCriticalSystemObject=TRUE)))',
  groups: '(&(objectClass=group)(!(isCriticalSystemObject=TRUE)))',
  personClasses: ['inetOrgPerson', 'user'],
  groupClasses: ['group'],
  newPerson: ['top', 'person', 'organizationalPerson', 'user'],
  newGroup: new Map([['member', ['top', 'group']]]),
  ids: [['objectGUID', 'guid']],
  idIsSure: true,
  userNames: ['userPrincipalName', 'sAMAccountName'],
  lock: { attribute: 'userAccountControl' },
  domain: { variable: 'upnSuffix', attribute: 'userPrincipalName' },
  // The configuration and the schema are contexts, too.
  contexts: (rootDse) => rootDse.strings('defaultNamingContext'),
};
