// The catalogue of problems that a gateway file can have: docs/errors.md is made from it. Codes never change meaning.

export interface ProblemCode {
  readonly code: string;
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

export type ProblemKind =
  | 'unreadable'
  | 'syntax'
  | 'unknownKey'
  | 'missingKey'
  | 'wrongType'
  | 'wrongValue'
  | 'ambiguousSecret'
  | 'literalSecret'
  | 'conflict'
  | 'unreadableReference'
  | 'unsetVariable'
  | 'duplicateCredential'
  | 'unknownProfile'
  | 'insecureTransport'
  | 'weakToken'
  | 'tenantOverlap'
  | 'expiredToken'
  | 'unfitPermission';

/** By what it is called in code. */
export const gatewayProblems: Readonly<Record<ProblemKind, ProblemCode>> = {
  unreadable: {
    code: 'CFG001',
    title: 'The gateway file cannot be read',
    remedy: 'Correct the path given with --config, or the rights of the file.',
  },
  syntax: {
    code: 'CFG002',
    title: 'Not YAML',
    remedy: 'Mend the place that the message names. Usual causes: indentation, a key given twice, unquoted ": ".',
  },
  unknownKey: {
    code: 'CFG003',
    title: 'Unknown key',
    remedy: 'Correct its spelling; the hint names the keys that may stand there.',
  },
  missingKey: { code: 'CFG004', title: 'A key is missing', remedy: 'Add it.' },
  wrongType: {
    code: 'CFG005',
    title: 'A value of the wrong kind',
    remedy: 'Text that looks like a number, like true or false, or like null needs quotes.',
  },
  wrongValue: {
    code: 'CFG006',
    title: 'A value that is not allowed',
    remedy: 'Take one of the values, or the form, that the message names.',
  },
  ambiguousSecret: {
    code: 'CFG007',
    title: 'No secret, or more than one',
    remedy:
      'Give exactly one of the keys. A credential has one method; a secret comes from a file, from the environment or, if it must, literally.',
  },
  literalSecret: {
    code: 'CFG008',
    title: 'A secret stands in the file',
    remedy: 'Move it to a file that only the gateway may read, or into the environment.',
  },
  conflict: {
    code: 'CFG009',
    title: 'Settings that exclude or need one another',
    remedy: 'Leave out one of them, or add the one that is missing.',
  },
  unreadableReference: {
    code: 'CFG010',
    title: 'A file that is named cannot be read',
    remedy: 'Correct the path, which starts at the folder of the gateway file, or the rights of the file.',
  },
  unsetVariable: {
    code: 'CFG011',
    title: 'An environment variable is not set',
    remedy: 'Set it for the process of the gateway, to something that is not empty.',
  },
  duplicateCredential: {
    code: 'CFG012',
    title: 'Two credentials are the same',
    remedy: 'Give each client a name and a token of its own: the audit tells them apart by the name.',
  },
  unknownProfile: {
    code: 'CFG013',
    title: 'Unknown client profile',
    remedy: 'Take one of the profiles that the hint names, or leave the key out.',
  },
  insecureTransport: {
    code: 'CFG014',
    title: 'The way to the directory is not protected',
    remedy: 'Use ldaps:// or tls.startTls, and let certificates be verified against caFile.',
  },
  weakToken: {
    code: 'CFG015',
    title: 'A token that could be guessed',
    remedy: 'Use at least 20 random characters; 32 random octets in base64 are a good token.',
  },
  tenantOverlap: {
    code: 'CFG016',
    title: 'Two tenants at one place',
    remedy: 'Give them paths of which none begins with another, or different hosts.',
  },
  expiredToken: {
    code: 'CFG017',
    title: 'A token that has expired',
    remedy: 'Remove it, or hand out a new one: `scim-ldap token` makes it.',
  },
  unfitPermission: {
    code: 'CFG020',
    title: 'A permission that does not fit the mapping',
    remedy: 'Name resource types and attributes that the mapping has, and filter by what the entry itself holds.',
  },
};
