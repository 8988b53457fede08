// A directory of which nothing is known but what its root DSE says (RFC 4512 s5.1). Where it says nothing, the careful
// choice.
import type { LdapEntry } from '../entry.ts';
import { controlOid, extendedOid, FEATURE_MODIFY_INCREMENT } from '../protocol/oids.ts';
import { resultCode } from '../result-codes.ts';
import type { Dialect } from './dialect.ts';

/** What the root DSE promises. */
export function createGenericDialect(rootDse: LdapEntry): Dialect {
  const controls = new Set(rootDse.strings('supportedControl'));
  const extensions = new Set(rootDse.strings('supportedExtension'));
  const features = new Set(rootDse.strings('supportedFeatures'));
  const assertion = controls.has(controlOid.assertion);
  return {
    name: 'generic',
    capabilities: {
      assertion,
      wholeAssertionWrap: assertion,
      preRead: controls.has(controlOid.preRead),
      postRead: controls.has(controlOid.postRead),
      deref: controls.has(controlOid.deref),
      extendedDn: controls.has(controlOid.extendedDn) ? 'objectGUID' : undefined,
      matchedValues: controls.has(controlOid.matchedValues),
      sort: controls.has(controlOid.sort),
      sortOrderingRule: false,
      vlv: controls.has(controlOid.vlv) && controls.has(controlOid.sort),
      pagedResults: controls.has(controlOid.pagedResults),
      pagedSearchesPerConnection: 1,
      permissiveModify: controls.has(controlOid.permissiveModify),
      modifyIncrement: features.has(FEATURE_MODIFY_INCREMENT),
      matchEntryDn: false,
      backLinks: new Map(),
      // OpenLDAP 2.5.13 closes the connection at 4 MiB in one message; a DN is seldom longer than 200 octets.
      valuesPerWrite: 10_000,
      negatesLists: true,
      preparesText: true,
      whoAmI: extensions.has(extendedOid.whoAmI),
      accountNames: undefined,
      passwordModify: extensions.has(extendedOid.passwordModify),
      refusesEmptyMemberList: true,
    },
    codes: {
      memberExists: [resultCode.attributeOrValueExists],
      memberMissing: [resultCode.noSuchAttribute],
      nameTooLong: [],
      placeMissing: [resultCode.noSuchObject],
    },
  };
}
