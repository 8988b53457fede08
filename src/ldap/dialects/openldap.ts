// OpenLDAP slapd. Facts from 2.5.13.
import { resultCode } from '../result-codes.ts';
import type { DialectRecipe } from './dialect.ts';
import { openldapIndexes } from './index-source.ts';
import { openldapLandmarks } from './landmarks.ts';

export const openldap: DialectRecipe = {
  name: 'openldap',
  matches: (rootDse) => rootDse.strings('objectClass').some((name) => name.toLowerCase() === 'openldaprootdse'),
  create: ({ capabilities, codes }) => ({
    name: 'openldap',
    capabilities: {
      ...capabilities,
      // uid, cn and title have no ORDERING rule: without one in the key the answer is 18.
      sortOrderingRule: true,
      // A second one gets 53 "paged results cookie is invalid or old".
      pagedSearchesPerConnection: 1,
      // Works but is not advertised.
      permissiveModify: true,
      matchEntryDn: true,
      // The memberof overlay leaves memberOf stale and unique answers 122 on a bare assertion.
      wholeAssertionWrap: true,
      refusesEmptyMemberList: true,
    },
    // back-mdb keeps an RDN twice in a key of 511 octets; uid=<241 octets> gets 80 without a text.
    codes: { ...codes, nameTooLong: [resultCode.other] },
    passwordAttribute: 'userPassword',
    landmarks: openldapLandmarks,
    indexes: openldapIndexes,
  }),
};
