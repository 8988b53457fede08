import assert from 'node:assert/strict';
import { detectDialect } from '../../../src/ldap/dialects/detect-dialect.ts';
import { LdapEntry } from '../../../src/ldap/entry.ts';
import { controlOid, extendedOid, FEATURE_MODIFY_INCREMENT } from '../../../src/ldap/protocol/oids.ts';

function rootDse(attributes: Record<string, readonly string[]>): LdapEntry {
  const entries = Object.entries(attributes);
  return new LdapEntry(
    '',
    new Map(entries.map(([name, values]) => [name.toLowerCase(), values.map((v) => Buffer.from(v))])),
  );
}

describe('dialects', () => {
  it('an empty root DSE promises nothing but what the protocol itself demands', () => {
    const { name, capabilities } = detectDialect(rootDse({}));
    const able = Object.entries(capabilities).filter(([, value]) => value === true);
    assert.equal(name, 'generic');
    assert.deepEqual(able, [
      ['negatesLists', true],
      ['preparesText', true],
      ['refusesEmptyMemberList', true],
    ]);
    assert.equal(capabilities.pagedSearchesPerConnection, 1);
  });

  for (const [name, oid] of Object.entries(controlOid)) {
    if (
      ![
        'assertion',
        'preRead',
        'postRead',
        'deref',
        'matchedValues',
        'sort',
        'pagedResults',
        'permissiveModify',
      ].includes(name)
    )
      continue;
    it(`${name} comes from supportedControl`, () => {
      const { capabilities } = detectDialect(rootDse({ supportedControl: [oid] }));
      assert.equal(capabilities[name as keyof typeof capabilities], true);
      assert.equal(capabilities.passwordModify, false);
    });
  }

  it('extended DNs tell the objectGUID', () => {
    const { capabilities } = detectDialect(rootDse({ supportedControl: [controlOid.extendedDn] }));
    assert.equal(capabilities.extendedDn, 'objectGUID');
  });

  it('a list view needs sorting', () => {
    const { vlv, sort } = controlOid;
    assert.equal(detectDialect(rootDse({ supportedControl: [vlv] })).capabilities.vlv, false);
    assert.equal(detectDialect(rootDse({ supportedControl: [vlv, sort] })).capabilities.vlv, true);
  });

  it('increment is a feature, password modify an extension', () => {
    const { capabilities } = detectDialect(
      rootDse({ supportedFeatures: [FEATURE_MODIFY_INCREMENT], supportedExtension: [extendedOid.passwordModify] }),
    );
    assert.deepEqual([capabilities.modifyIncrement, capabilities.passwordModify], [true, true]);
  });

  it('knows OpenLDAP by its root object class, and what its root DSE does not say', () => {
    const dialect = detectDialect(
      rootDse({ objectClass: ['top', 'OpenLDAProotDSE'], supportedControl: [controlOid.assertion] }),
    );
    assert.equal(dialect.name, 'openldap');
    const { assertion, permissiveModify, sortOrderingRule, wholeAssertionWrap, matchEntryDn, sort } =
      dialect.capabilities;
    assert.deepEqual(
      [assertion, permissiveModify, sortOrderingRule, wholeAssertionWrap, matchEntryDn, sort],
      [true, true, true, true, true, false],
    );
    assert.deepEqual(dialect.codes, { memberExists: [20], memberMissing: [16], nameTooLong: [80], placeMissing: [32] });
  });

  it('knows Active Directory by its capabilities, whoever made it', () => {
    const { name, capabilities, codes } = detectDialect(
      rootDse({ supportedCapabilities: ['1.2.840.113556.1.4.800'], supportedControl: [controlOid.permissiveModify] }),
    );
    assert.equal(name, 'active-directory');
    const { assertion, postRead, matchEntryDn, preparesText, refusesEmptyMemberList } = capabilities;
    assert.deepEqual(
      [assertion, postRead, matchEntryDn, preparesText, refusesEmptyMemberList],
      [false, false, false, false, false],
    );
    assert.deepEqual([capabilities.backLinks.get('member'), capabilities.valuesPerWrite], ['memberOf', 5_000]);
    assert.deepEqual(codes, {
      memberExists: [20, 68],
      memberMissing: [16, 53],
      nameTooLong: [],
      placeMissing: [32, 80],
    });
  });

  it('knows 389 Directory Server by its vendor', () => {
    const { name, capabilities } = detectDialect(
      rootDse({ objectClass: ['top'], vendorName: ['389 Project'], supportedControl: [controlOid.postRead] }),
    );
    assert.equal(name, '389-ds');
    const { assertion, postRead, permissiveModify, matchEntryDn, negatesLists, refusesEmptyMemberList } = capabilities;
    assert.deepEqual(
      [assertion, postRead, permissiveModify, matchEntryDn, negatesLists, refusesEmptyMemberList],
      [false, true, false, true, false, false],
    );
  });
});
