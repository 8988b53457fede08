// The catalogue of problems that a mapping file can have: docs/errors.md is made from it. Codes never change meaning.
// MAP0xx are found by reading the files alone, MAP1xx by the compiler, which knows SCIM schemas and the directory's.

export interface ProblemCode {
  readonly code: string;
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What reading a file can find, by what it is called in code. */
export const fileProblems = {
  unreadable: {
    code: 'MAP001',
    title: 'A file cannot be read',
    remedy:
      'Correct the path, or the rights of the file. A relative path in "extends" starts at the folder of the file that says it.',
  },
  syntax: {
    code: 'MAP002',
    title: 'Not YAML',
    remedy:
      'Mend the place that the message names. Usual causes: indentation, a key given twice, text with ": " or a leading "{" or "*" that is not in quotes.',
  },
  extendsCycle: {
    code: 'MAP003',
    title: 'Files extend one another in a circle',
    remedy: 'Move what they share into a file that extends neither.',
  },
  unknownKey: {
    code: 'MAP010',
    title: 'Unknown key',
    remedy: 'Correct its spelling; the hint names the keys that may stand there.',
  },
  missingKey: {
    code: 'MAP011',
    title: 'A key is missing',
    remedy: 'Add it, in the file itself or in one that it extends.',
  },
  wrongType: {
    code: 'MAP012',
    title: 'A value of the wrong kind',
    remedy:
      'Text that looks like a number, like true or false, or like null needs quotes. A key with nothing behind it removes what an extended file says, and is a problem where there is nothing to remove.',
  },
  wrongValue: {
    code: 'MAP013',
    title: 'A value that is not allowed',
    remedy: 'Take one of the values, or the form, that the message names.',
  },
  unknownVariable: {
    code: 'MAP020',
    title: 'Unknown variable',
    remedy: 'Define it under "variables", or correct its spelling. SCIM paths stand only in templates.',
  },
  variableCycle: {
    code: 'MAP021',
    title: 'Variables that need one another',
    remedy: 'Give one of them a value that does not name the others.',
  },
  openPlaceholder: {
    code: 'MAP022',
    title: 'A placeholder without an end',
    remedy: 'Close it with "}".',
  },
  conflict: {
    code: 'MAP030',
    title: 'Keys that exclude each other',
    remedy:
      'Keep one of them. Where the other comes from an extended file, remove it with null, such as "attribute: null".',
  },
  needsOther: {
    code: 'MAP031',
    title: 'A key that needs another one',
    remedy: 'Add the other key, or remove this one.',
  },
  noSource: {
    code: 'MAP032',
    title: 'An attribute without a source',
    remedy: 'Say where the value is: "attribute", "constant", "template", "backlink", or "write" for a password.',
  },
  badOptions: {
    code: 'MAP033',
    title: 'A conversion that cannot be made',
    remedy: 'Correct "options" or "values" as the message says.',
  },
  unknownResourceType: {
    code: 'MAP034',
    title: 'A reference to a resource type that is not there',
    remedy: 'Name one of the keys of "resourceTypes", in its letter case.',
  },
  badBacklink: {
    code: 'MAP035',
    title: 'A backlink that leads nowhere',
    remedy:
      'Name a resource type and one of its attributes that has "reference" with this type in it, such as Group.members.',
  },
  twice: {
    code: 'MAP036',
    title: 'Two keys for one thing',
    remedy: 'Keep one of them: SCIM names are the same in any letter case.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;

/** What compiling a mapping can find. */
const compilerProblems: readonly ProblemCode[] = [
  {
    code: 'MAP101',
    title: 'Unknown schema',
    remedy: 'Name a schema of RFC 7643, or define it under "schemas" by the same URN.',
  },
  {
    code: 'MAP102',
    title: 'Two resource types at one endpoint',
    remedy: 'Give each resource type an endpoint of its own; letter case does not tell two apart.',
  },
  {
    code: 'MAP103',
    title: 'Not a SCIM attribute',
    remedy:
      'Write paths as in SCIM filters: name.givenName, emails[type eq "work"].value, enterprise:department. Attributes of an extension need its URN under "extensions".',
  },
  {
    code: 'MAP104',
    title: 'A resource type without an id',
    remedy: 'Map id to an attribute that the directory sets and that never changes, such as entryUUID.',
  },
  {
    code: 'MAP105',
    title: 'Two SCIM attributes write one LDAP attribute',
    remedy: 'Map one of them to another LDAP attribute, or make it "access: readOnly".',
  },
  {
    code: 'MAP106',
    title: 'A DN or an LDAP filter that cannot be read',
    remedy: 'Mend it as the message says. Special characters in a DN need a backslash (RFC 4514).',
  },
  {
    code: 'MAP107',
    title: 'A template that names no SCIM attribute',
    remedy: 'Placeholders are paths of attributes that the same resource type maps, or variables.',
  },
  {
    code: 'MAP108',
    title: 'A reference with other keys beside it',
    remedy: 'A reference attribute has one key, without sub-attributes: display, type and $ref come by themselves.',
  },
  {
    code: 'MAP110',
    title: "An attribute that the directory's schema does not have",
    remedy: 'Correct the name, load the schema that defines it into the directory, or map another attribute.',
  },
  {
    code: 'MAP111',
    title: 'An attribute that only the directory sets',
    remedy: 'Make it "access: readOnly".',
  },
  {
    code: 'MAP112',
    title: 'A transform of another type',
    remedy: 'Take a transform that makes values of the SCIM type of the attribute, or leave "transform" out.',
  },
  {
    code: 'MAP113',
    title: 'A transform that loses something, on an attribute that can be written',
    remedy: 'Make it "access: readOnly", or take a transform that can be turned back.',
  },
  {
    code: 'MAP114',
    title: 'A conversion that does not fit the attribute',
    remedy: 'Correct "values", "otherwise" or "options": SCIM values must be of the type of the attribute.',
  },
  {
    code: 'MAP115',
    title: "An object class that the directory's schema does not have",
    remedy: 'Correct the name, load the schema that defines it into the directory, or take the class out.',
  },
  {
    code: 'MAP116',
    title: 'An own schema that RFC 7643 does not allow',
    remedy: 'Mend the attribute that the message names; section 7 of RFC 7643 says what an attribute may be.',
  },
  {
    code: 'MAP117',
    title: 'A password that the directory takes over TLS alone, without TLS',
    remedy: 'Use ldaps:// or tls.startTls in the gateway file, or take the password out of the mapping.',
  },
  {
    code: 'MAP120',
    title: 'A delete policy that cannot work',
    remedy:
      'Disabling needs an `active` that can be written false; a container for what is hidden lies outside of every base of the type, or in a subtree that `exclude` names.',
  },
  {
    code: 'MAP121',
    title: 'A place for entries that cannot work',
    remedy:
      'Places lie below a base of the type, so that what is put there is found; they are chosen by a mapped attribute of one value that can be written.',
  },
  {
    code: 'MAP122',
    title: 'A subtree that cannot be excluded',
    remedy: '`exclude` names subtrees that lie below a base of the type and leave something of it.',
  },
];

/** All codes, in order. */
export const mappingProblemCodes: readonly ProblemCode[] = [...Object.values(fileProblems), ...compilerProblems];
