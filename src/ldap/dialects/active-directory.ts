// Active Directory and Samba as a domain controller. Facts from Samba 4.17.12, and of Windows from Microsoft's documents
// where it differs.
import { resultCode } from '../result-codes.ts';
import type { DialectRecipe } from './dialect.ts';
import { activeDirectoryIndexes } from './index-source.ts';
import { activeDirectoryLandmarks } from './landmarks.ts';

/** In supportedCapabilities of the root DSE (MS-ADTS 3.1.1.3.4.3). */
const LDAP_CAP_ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

export const activeDirectory: DialectRecipe = {
  name: 'active-directory',
  matches: (rootDse) => rootDse.strings('supportedCapabilities').includes(LDAP_CAP_ACTIVE_DIRECTORY),
  create: ({ capabilities, codes }, rootDse) => ({
    name: 'active-directory',
    capabilities: {
      ...capabilities,
      // Linked attributes (MS-ADTS 3.1.1.1.6).
      backLinks: new Map([
        ['member', 'memberOf'],
        ['manager', 'directReports'],
        ['managedby', 'managedObjects'],
      ]),
      // What Microsoft recommends for one transaction at most; more may exhaust the version store.
      valuesPerWrite: 5_000,
      // Samba: an a with a combining diaeresis and the letter ä are two values.
      preparesText: false,
      // MS-ADTS 5.1.1.1.1. "Who am I" answers u:DOMAIN\account on Windows; Samba does not know it.
      accountNames: {
        attributes: ['sAMAccountName', 'userPrincipalName'],
        base: rootDse.first('defaultNamingContext') ?? '',
      },
      // A group has MAY member.
      refusesEmptyMemberList: false,
    },
    codes: {
      ...codes,
      // Of linked attributes, such as member: a value that is there, and one that is not. Both mean refusals, too.
      memberExists: [...codes.memberExists, resultCode.entryAlreadyExists],
      memberMissing: [...codes.memberMissing, resultCode.unwillingToPerform],
      // 80 to a move (MS-ADTS 3.1.1.5.4.1.2), 32 to an add.
      placeMissing: [...codes.placeMissing, resultCode.other],
    },
    landmarks: activeDirectoryLandmarks,
    indexes: activeDirectoryIndexes,
    givenToNew: new Set([
      'instancetype',
      'ntsecuritydescriptor',
      'objectcategory',
      'objectsid',
      'samaccountname',
      'grouptype',
      'cn',
    ]),
  }),
};
