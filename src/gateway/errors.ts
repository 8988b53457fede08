// LDAP result code -> SCIM error: the one table. The client learns what to mend; what the directory said goes to the log
// as the error's cause and nowhere else (O3).
import { LdapConnectionError, LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { ScimError, type ScimType } from '../scim/error.ts';
import { findBlamedAttribute } from './blamed-attribute.ts';
import { HalfAppliedError } from './undo.ts';

type Row = readonly [status: number, scimType: ScimType | undefined, detail: string];

const RETRY_SECONDS = '5';

/** By LDAP result code; docs/errors.md shows it. */
export const ldapErrorRows: ReadonlyMap<number, Row> = new Map<number, Row>([
  [
    resultCode.noSuchObject,
    [404, undefined, 'The resource is gone, or a place in the directory that the mapping names is.'],
  ],
  [resultCode.entryAlreadyExists, [409, 'uniqueness', 'A resource of this name exists already.']],
  [resultCode.attributeOrValueExists, [400, 'invalidValue', 'A value is there already, or is given twice.']],
  [resultCode.noSuchAttribute, [409, undefined, 'The resource changed at the same time. Repeat the request.']],
  [
    resultCode.constraintViolation,
    [
      400,
      'invalidValue',
      "A value breaks a rule of the directory, such as its password policy or an attribute's limits.",
    ],
  ],
  [resultCode.invalidAttributeSyntax, [400, 'invalidValue', 'A value has a form that the directory does not take.']],
  [
    resultCode.objectClassViolation,
    [400, 'invalidValue', 'The directory demands a value that is missing, or does not take one that is given.'],
  ],
  [
    resultCode.undefinedAttributeType,
    [500, undefined, 'The mapping names an attribute that the directory does not have.'],
  ],
  [resultCode.namingViolation, [400, 'invalidValue', 'The directory does not take an entry of this name.']],
  [resultCode.invalidDNSyntax, [400, 'invalidValue', 'A value cannot be part of a name in the directory.']],
  [
    resultCode.notAllowedOnNonLeaf,
    [409, undefined, 'The resource has entries below it and cannot be deleted or moved.'],
  ],
  [resultCode.notAllowedOnRDN, [400, 'mutability', 'The value names the entry and cannot be changed this way.']],
  [resultCode.objectClassModsProhibited, [400, 'mutability', 'The kind of the entry cannot be changed.']],
  [resultCode.insufficientAccessRights, [403, undefined, 'The directory does not let the gateway do this.']],
  [resultCode.unwillingToPerform, [400, 'invalidValue', 'The directory refuses this change.']],
  [
    resultCode.sizeLimitExceeded,
    [400, 'tooMany', 'More resources match than the directory returns. Make the filter narrower.'],
  ],
  [
    resultCode.adminLimitExceeded,
    [400, 'tooMany', 'More resources match than the directory looks at. Make the filter narrower.'],
  ],
  [resultCode.timeLimitExceeded, [503, undefined, 'The directory took too long.']],
  [resultCode.busy, [503, undefined, 'The directory is busy.']],
  [resultCode.unavailable, [503, undefined, 'The directory is not available.']],
  [
    resultCode.assertionFailed,
    [412, undefined, 'The resource has changed since the version in If-Match. Read it again and repeat the change.'],
  ],
  [resultCode.referral, [503, undefined, 'The directory refers to another server, which the gateway does not follow.']],
  [resultCode.invalidCredentials, [503, undefined, 'The gateway cannot log in to the directory.']],
]);

/** What the client asked for. */
export type Asked = 'change' | 'search' | 'read';

/** Anything thrown below the gateway, as what the client gets. */
export function toScimError(error: unknown, asked: Asked, mapping?: ResourceMapping): unknown {
  if (error instanceof LdapError) return refusedSearch(error, asked) ?? fromLdapError(error, mapping);
  if (error instanceof HalfAppliedError) {
    return new ScimError(
      500,
      undefined,
      'The change failed half-way and could not be undone. Read the resource to see its state.',
      { cause: error },
    );
  }
  if (error instanceof LdapConnectionError) {
    const sent =
      asked === 'change' && error.mayBeApplied
        ? ' A change may have been made; read the resource before repeating it.'
        : '';
    return unavailable(`The directory did not answer.${sent}`, error);
  }
  return error;
}

/** 389-DS 2.3.1 (nsslapd-require-index) and OpenLDAP 2.5.13 (size.unchecked) refuse what no index answers. */
function refusedSearch(error: LdapError, asked: Asked): ScimError | undefined {
  if (asked === 'change' || error.code !== resultCode.unwillingToPerform) return undefined;
  return asked === 'search'
    ? new ScimError(400, 'invalidFilter', 'The directory refuses this search. Use another filter.', { cause: error })
    : new ScimError(500, undefined, 'The directory refuses the search for the resource.', { cause: error });
}

function fromLdapError(error: LdapError, mapping: ResourceMapping | undefined): ScimError {
  const blamed = mapping === undefined ? undefined : findBlamedAttribute(error.diagnosticMessage, mapping);
  const about = blamed === undefined ? '' : `${blamed}: `;
  // OpenLDAP 2.5.13 and 389-DS 2.3.1: the uniqueness overlay or plug-in answers 19 like any other constraint. So do Samba
  // 4.17 and Windows (000021C8) of a userPrincipalName.
  const taken =
    error.code === resultCode.constraintViolation &&
    /non-unique|already exist|already in use|not unique|another entry|000021C8/i.test(error.diagnosticMessage);
  if (taken)
    return new ScimError(409, 'uniqueness', `${about}Another resource has a value that must be unique.`, {
      cause: error,
    });
  // Active Directory and Samba 4.17: ERROR_PASSWORD_RESTRICTION, with 53 or 19 (MS-ADTS 3.1.1.3.1.5).
  if (error.diagnosticMessage.includes('0000052D')) {
    const detail = 'The password policy of the directory refuses the password, or an active account that has none.';
    return new ScimError(400, 'invalidValue', detail, { cause: error });
  }
  const [status, scimType, detail] = ldapErrorRows.get(error.code) ?? [
    500,
    undefined,
    'The directory answered with an unexpected error.',
  ];
  if (status === 503) return unavailable(detail, error);
  return new ScimError(status, scimType, status < 500 ? `${about}${detail}` : detail, { cause: error });
}

function unavailable(detail: string, cause: unknown): ScimError {
  return new ScimError(503, undefined, detail, { cause, headers: { 'Retry-After': RETRY_SECONDS } });
}
