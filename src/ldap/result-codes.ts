// Result codes of LDAP operations by the names of RFC 4511 s4.1.9 and of the registry it opened (RFC 4520 s3.8), plus
// the few that a directory product made its own.

export const resultCode = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  saslBindInProgress: 14,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  aliasProblem: 33,
  invalidDNSyntax: 34,
  aliasDereferencingProblem: 36,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  loopDetect: 54,
  /** draft-ietf-ldapext-ldapv3-vlv: a sort control must go with the VLV control. */
  sortControlMissing: 60,
  /** draft-ietf-ldapext-ldapv3-vlv */
  offsetRangeError: 61,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRDN: 67,
  entryAlreadyExists: 68,
  objectClassModsProhibited: 69,
  /** RFC 3928 and CLDAP; OpenLDAP: the answer is too large. */
  resultsTooLarge: 70,
  affectsMultipleDSAs: 71,
  /** draft-ietf-ldapext-ldapv3-vlv */
  virtualListViewError: 76,
  other: 80,
  /** RFC 3909. */
  canceled: 118,
  noSuchOperation: 119,
  tooLate: 120,
  cannotCancel: 121,
  /** RFC 4528. */
  assertionFailed: 122,
  /** RFC 4370. */
  authorizationDenied: 123,
  /** RFC 4533. */
  syncRefreshRequired: 4096,
  /** OpenLDAP, no-op control (1.3.6.1.4.1.4203.1.10.2, draft-zeilenga-ldap-noop). */
  noOperation: 16654,
} as const;

export type ResultCodeName = keyof typeof resultCode;

const names: ReadonlyMap<number, string> = new Map(Object.entries(resultCode).map(([name, code]) => [code, name]));

/** The name that the RFCs give a code; `code N` for one they do not know. */
export function resultCodeName(code: number): string {
  return names.get(code) ?? `code ${code}`;
}
