import assert from 'node:assert/strict';
import { type Asked, toScimError } from '../../src/gateway/errors.ts';
import { HalfAppliedError } from '../../src/gateway/undo.ts';
import { LdapConnectionError, LdapError, LdapTimeoutError } from '../../src/ldap/errors.ts';
import { resultCode } from '../../src/ldap/result-codes.ts';
import { ScimError } from '../../src/scim/error.ts';

const secretText = 'uid=x,dc=secret: ldap.internal refused';

describe('toScimError', () => {
  const rows: readonly [number, string, number, string | undefined][] = [
    [resultCode.noSuchObject, '', 404, undefined],
    [resultCode.entryAlreadyExists, '', 409, 'uniqueness'],
    [resultCode.constraintViolation, '', 400, 'invalidValue'],
    [resultCode.constraintViolation, 'non-unique attributes found with (uid=x)', 409, 'uniqueness'],
    [resultCode.constraintViolation, "0000202F: samldb: userPrincipalName 'u@x' is already in use", 409, 'uniqueness'],
    [resultCode.constraintViolation, '000021C8: AtrErr: DSID-03200BBA, #1: problem 1005', 409, 'uniqueness'],
    [resultCode.constraintViolation, '0000052D: Constraint violation', 400, 'invalidValue'],
    [resultCode.unwillingToPerform, '0000052D: SvcErr: DSID-031A12D2, problem 5003', 400, 'invalidValue'],
    [resultCode.invalidAttributeSyntax, '', 400, 'invalidValue'],
    [resultCode.objectClassViolation, '', 400, 'invalidValue'],
    [resultCode.insufficientAccessRights, '', 403, undefined],
    [resultCode.sizeLimitExceeded, '', 400, 'tooMany'],
    [resultCode.adminLimitExceeded, '', 400, 'tooMany'],
    [resultCode.assertionFailed, '', 412, undefined],
    [resultCode.busy, '', 503, undefined],
    [resultCode.unavailable, '', 503, undefined],
    [resultCode.invalidCredentials, '', 503, undefined],
    [resultCode.undefinedAttributeType, '', 500, undefined],
    [resultCode.other, '', 500, undefined],
    [4711, '', 500, undefined],
  ];
  for (const [code, text, status, scimType] of rows) {
    it(`LDAP ${code}${text === '' ? '' : ` with ${text}`} is ${status} ${scimType ?? ''}`, () => {
      const error = toScimError(
        new LdapError(code, `${text} ${secretText}`, 'dc=secret', ['ldap://internal']),
        'change',
      );
      assert.ok(error instanceof ScimError);
      assert.deepEqual([error.status, error.scimType], [status, scimType]);
      assert.equal('Retry-After' in error.headers, status === 503);
      assert.ok(error.cause instanceof LdapError);
    });
  }

  it('O3 tells the client nothing of the directory', () => {
    const errors = [
      ...Object.values(resultCode).map((code) => new LdapError(code, secretText, 'dc=secret', ['ldap://internal'])),
      new LdapConnectionError(secretText, { mayBeApplied: true }),
      new LdapTimeoutError(secretText, { mayBeApplied: false }),
      new HalfAppliedError(new LdapError(68, secretText), new Error(secretText)),
    ];
    for (const each of errors) {
      const error = toScimError(each, 'change');
      assert.ok(error instanceof ScimError);
      assert.ok(!/secret|internal|uid=/.test(error.detail), error.detail);
    }
  });

  it('says that a write may have been made where nobody knows', () => {
    const detail = (mayBeApplied: boolean, asked: Asked) =>
      (toScimError(new LdapConnectionError('x', { mayBeApplied }), asked) as ScimError).detail;
    assert.match(detail(true, 'change'), /may have been made/);
    assert.doesNotMatch(detail(false, 'change'), /may have been made/);
    assert.doesNotMatch(detail(true, 'search'), /may have been made/);
  });

  it('speaks of a search where a search is refused', () => {
    for (const [asked, status, scimType] of [
      ['search', 400, 'invalidFilter'],
      ['read', 500, undefined],
    ] as const) {
      const error = toScimError(new LdapError(resultCode.unwillingToPerform, secretText), asked) as ScimError;
      assert.deepEqual([error.status, error.scimType], [status, scimType]);
      assert.match(error.detail, /refuses (?:this|the) search/);
    }
  });

  it('leaves other errors alone', () => {
    const error = new TypeError('bug');
    assert.equal(toScimError(error, 'change'), error);
  });
});
