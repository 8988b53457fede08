// What the live directory can show to be wrong with a mapping, one code each; docs/errors.md is made of it.

export interface DirectoryProblem {
  /** Stable. */
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
}

export const directoryProblems = {
  unreachable: {
    code: 'DIR001',
    title: 'The directory cannot be used',
    remedy:
      'Correct what the message tells of address, certificate or account in the gateway file, and see that the server runs.',
  },
  noBase: {
    code: 'DIR002',
    title: 'A place that is not there, or may not be seen',
    remedy: 'Correct the DN, make the entry, or give the account of the gateway the right to read it.',
  },
  nothingFound: {
    code: 'DIR003',
    title: 'No entry of a resource type',
    remedy: 'Correct entry.base or entry.filter; where there is nobody yet, nothing has to be done.',
  },
  noId: {
    code: 'DIR004',
    title: 'Entries without an id',
    remedy: 'Map id to an attribute that every entry has. What has none is no resource, and no client sees it.',
  },
  unknownName: {
    code: 'DIR010',
    title: "A name in an entry block that the directory's schema does not have",
    remedy: 'Correct the name, or load the schema that defines it into the directory.',
  },
  singleValue: {
    code: 'DIR011',
    title: 'Several SCIM values on an attribute that holds one',
    remedy: 'Map the SCIM attribute to one that takes several; or leave it so, and a client that sends two gets a 400.',
  },
  syntax: {
    code: 'DIR012',
    title: 'Values of another syntax than the attribute has',
    remedy: 'Take the transform, or the kind of key, that goes with the syntax; or another attribute.',
  },
  notAllowed: {
    code: 'DIR013',
    title: 'An attribute that no object class of the entries allows',
    remedy: 'Name an auxiliary class that allows it in entry.auxiliaryClasses, or map another attribute.',
  },
  mustUnfilled: {
    code: 'DIR014',
    title: 'An attribute that every new entry must have and that nothing fills',
    remedy: 'Map it, give it a value in entry.defaults, or make the SCIM attribute required or give it a default.',
  },
  notIndexed: {
    code: 'DIR015',
    title: 'Clients search by an attribute without an index',
    remedy: 'Let the directory index it for equality, else each such search reads every entry.',
  },
  mayNotWrite: {
    code: 'DIR020',
    title: 'The account of the gateway may not write an attribute',
    remedy: 'Give it the right, or make the key "access: readOnly".',
  },
  mayNotRename: {
    code: 'DIR021',
    title: 'The account of the gateway may not rename entries',
    remedy: 'Give it the right, or make the SCIM attribute that names the entry "access: writeOnce".',
  },
  mayNotSetPassword: {
    code: 'DIR022',
    title: 'The account of the gateway may not set passwords',
    remedy: 'Give it the right, or take the password out of the mapping.',
  },
  dangling: {
    code: 'DIR030',
    title: 'References that lead to no resource',
    remedy:
      'Names of entries that are gone can be taken out of the directory; others are outside of the bases of the types, and clients do not see them.',
  },
  roundTrip: {
    code: 'DIR031',
    title: 'An entry that does not survive a replace',
    remedy:
      'A client that writes back what it has read would change what the message shows. Map the attribute by the transform that fits its values, or make it readOnly.',
  },
  unreadable: {
    code: 'DIR032',
    title: 'An entry that cannot be shown',
    remedy: 'See the message; `scim-ldap explain --entry DN --live` shows the entry attribute by attribute.',
  },
} as const satisfies Readonly<Record<string, DirectoryProblem>>;
