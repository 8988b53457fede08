import assert from 'node:assert/strict';
import { LdapError } from '../../src/ldap/errors.ts';
import { resultCode, resultCodeName } from '../../src/ldap/result-codes.ts';

describe('result codes', () => {
  it('have a code each', () => {
    const codes = Object.values(resultCode);
    assert.equal(new Set(codes).size, codes.length);
  });

  for (const [code, name] of [
    [0, 'success'],
    [16, 'noSuchAttribute'],
    [20, 'attributeOrValueExists'],
    [32, 'noSuchObject'],
    [49, 'invalidCredentials'],
    [53, 'unwillingToPerform'],
    [65, 'objectClassViolation'],
    [68, 'entryAlreadyExists'],
    [122, 'assertionFailed'],
    [9, 'code 9'],
    [99_999, 'code 99999'],
  ] as const) {
    it(`${code} is ${name}`, () => assert.equal(resultCodeName(code), name));
  }

  it('name errors', () => {
    assert.equal(new LdapError(32).message, 'noSuchObject (32)');
    assert.equal(new LdapError(19, 'non-unique').message, 'constraintViolation (19): non-unique');
  });
});
