// Which suite of features runs on which directory, and why one does not. feature-table.test.ts holds it against what the
// test files do; docs/conformance.md shows it.

export const directories = ['embedded', 'openldap', 'ds389', 'samba-ad'] as const;
export type DirectoryName = (typeof directories)[number];

export const directoryTitles: Readonly<Record<DirectoryName, string>> = {
  embedded: 'embedded directory',
  openldap: 'OpenLDAP',
  ds389: '389-DS',
  'samba-ad': 'Samba AD',
};

/** One that is called by `<directory>.test.ts`. */
export interface SharedSuite {
  readonly title: string;
  /** The function that makes it, and what tells its call from others where there are several. */
  readonly suite: string;
  readonly variant?: string;
  /** Why it does not run there; on all others it does. */
  readonly not?: Partial<Readonly<Record<DirectoryName, string>>>;
}

export const sharedSuites: readonly SharedSuite[] = [
  { title: 'life of users and groups, passwords included', suite: 'describeLifeCycle' },
  { title: '1,000 random filters (embedded, OpenLDAP: 300)', suite: 'describeFilterProperty' },
  { title: 'filters on references', suite: 'describeReferenceFilters' },
  { title: 'writes that meet', suite: 'describeConcurrency' },
  { title: 'bulk', suite: 'describeBulk' },
  { title: 'queries over all types', suite: 'describeRootQuery' },
  { title: 'pages by cursor', suite: 'describeCursors' },
  {
    title: 'groups by `member`, a resource type of its own among the members',
    suite: 'describeGroupModel',
    variant: 'member',
  },
  {
    title: 'groups by `uniqueMember`',
    suite: 'describeGroupModel',
    variant: 'uniqueMember',
    not: { 'samba-ad': 'groups of Active Directory have `member`; no mapping has others' },
  },
  { title: 'groups by `memberUid`', suite: 'describeMemberUid' },
  { title: 'groups of users in lists', suite: 'describeGroupsInLists' },
  { title: 'groups in groups', suite: 'describeNestedGroups' },
  {
    title: 'types of ids that were seen before',
    suite: 'describeKnownTypes',
    not: { 'samba-ad': 'the suite counts searches by the text of an id, which is octets there' },
  },
  {
    title: 'a group of 1,050 members, sent while it is made',
    suite: 'describeLongGroups',
    not: { 'samba-ad': 'members are looked up before the answer; large-group.test.ts has 5,000 of them' },
  },
  { title: '`active` by five rules', suite: 'describeActive' },
  { title: 'names that follow', suite: 'describeFollowing' },
  { title: 'placement and moves', suite: 'describePlacement' },
  { title: 'excluded subtrees', suite: 'describeExclusion' },
  { title: 'delete policies', suite: 'describeDeletePolicies' },
  { title: 'permissions of credentials', suite: 'describePermissions' },
  { title: 'protected entries', suite: 'describeProtection' },
  { title: 'limits on deletions', suite: 'describeDeletionLimit' },
  {
    title: '`scim-ldap init` of data that no shipped mapping fits, then `check`, then a life cycle',
    suite: 'describeInit',
    not: { embedded: 'has what the shipped mapping fits, which is the test of the command itself' },
  },
  { title: '`scim-ldap check --live`', suite: 'describeCheck' },
  { title: '`scim-ldap explain --live`', suite: 'describeExplain' },
];

/** One in a file of its own, which starts its directories itself. */
export interface OwnSuite {
  readonly title: string;
  /** Below `test/`. */
  readonly file: string;
  readonly not: Partial<Readonly<Record<DirectoryName, string>>>;
}

const noFaults = 'a server fails at no chosen moment';
const adOnly = 'about what only Active Directory has';

export const ownSuites: readonly OwnSuite[] = [
  { title: 'what clients send: 14 of them', file: 'scenarios/scenarios.test.ts', not: {} },
  {
    title: 'the mappings for Active Directory: names, `unicodePwd`, bits, times, `proxyAddresses`',
    file: 'gateway/active-directory.test.ts',
    not: { embedded: adOnly, openldap: adOnly, ds389: adOnly },
  },
  {
    title: 'members by GUID, the primary group by `objectSid`',
    file: 'gateway/guids.test.ts',
    not: { embedded: adOnly, openldap: adOnly, ds389: adOnly },
  },
  {
    title: 'limits of Windows: ranges, searches that are cut short',
    file: 'gateway/windows-limits.test.ts',
    not: {
      openldap: 'has other limits',
      ds389: 'has other limits',
      'samba-ad': 'has no limits; large-group.test.ts puts them in front of it',
    },
  },
  {
    title: 'Unix accounts with numbers from counters',
    file: 'gateway/posix.test.ts',
    not: {
      embedded: 'posix.yaml is for OpenLDAP; groups by `memberUid` run everywhere',
      ds389: 'refuses the increment (2): no counters',
      'samba-ad': 'refuses the increment (2): no counters',
    },
  },
  {
    title: 'dynamic groups, to be read',
    file: 'gateway/dynamic-groups.test.ts',
    not: {
      ds389: 'works out no members of groupOfURLs',
      'samba-ad': 'has no groups by rule in LDAP',
    },
  },
  {
    title: 'what is left where a step fails',
    file: 'gateway/half-done.test.ts',
    not: { openldap: noFaults, ds389: noFaults, 'samba-ad': noFaults },
  },
  {
    title: 'schemas and resource types by YAML alone, as in examples/own-types',
    file: 'config/own-types.test.ts',
    not: {
      ds389: 'the example brings a schema in the form of OpenLDAP',
      'samba-ad': 'the example brings a schema in the form of OpenLDAP',
    },
  },
];

/** By which a test file shows that it starts the directory. */
export const starters: Readonly<Record<DirectoryName, RegExp>> = {
  embedded: /\bcreateEmbeddedDirectory\(/,
  openldap: /\b(?:get|launch)OpenLdap\(/,
  ds389: /\b(?:get|launch)Ds389\(/,
  'samba-ad': /\b(?:get|launch)SambaAd\(/,
};

/** Title, and what is said of each directory. */
export function featureRows(): (readonly string[])[] {
  return [...sharedSuites, ...ownSuites].map(({ title, not }) => [
    title,
    ...directories.map((directory) => not?.[directory] ?? 'runs'),
  ]);
}
