// What the shipped mapping for FreeIPA needs of a 389 Directory Server: object classes by FreeIPA's names with what it
// demands of them, and plug-ins set up as FreeIPA sets them up. FreeIPA's own plug-in for ipaUniqueID is not there; DNA
// stands in, which puts a number in the place of the same word.
import { Attribute, Change, Client } from 'ldapts';
import type { Ds389 } from './recipe.ts';

const text = '1.3.6.1.4.1.1466.115.121.1.15';
const ia5 = '1.3.6.1.4.1.1466.115.121.1.26';

const attributeTypes = [
  `( ipaUniqueID-oid NAME 'ipaUniqueID' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SYNTAX ${text} )`,
  `( ipaSshPubKey-oid NAME 'ipaSshPubKey' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )`,
  `( krbPrincipalName-oid NAME 'krbPrincipalName' EQUALITY caseExactIA5Match SYNTAX ${ia5} )`,
  `( krbCanonicalName-oid NAME 'krbCanonicalName' EQUALITY caseExactIA5Match SYNTAX ${ia5} SINGLE-VALUE )`,
  `( krbMaxTicketLife-oid NAME 'krbMaxTicketLife' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )`,
];

const objectClasses = [
  `( ipaObject-oid NAME 'ipaObject' AUXILIARY MUST ipaUniqueID )`,
  `( ipaSshUser-oid NAME 'ipaSshUser' AUXILIARY MAY ipaSshPubKey )`,
  `( krbPrincipalAux-oid NAME 'krbPrincipalAux' AUXILIARY MAY ( krbPrincipalName $ krbCanonicalName ) )`,
  `( krbTicketPolicyAux-oid NAME 'krbTicketPolicyAux' AUXILIARY MAY krbMaxTicketLife )`,
  `( nestedGroup-oid NAME 'nestedGroup' SUP groupOfNames STRUCTURAL MAY memberOf )`,
  `( ipaUserGroup-oid NAME 'ipaUserGroup' SUP nestedGroup STRUCTURAL )`,
];

/** Makes the tree below `suffix` one of FreeIPA's; returns the DN that stands for its suffix. */
export async function addFreeIpaTree(server: Ds389, baseDn: string): Promise<void> {
  const client = new Client({ url: server.url });
  try {
    await client.bind(server.rootDn, server.rootPassword);
    await client.modify('cn=schema', [added('attributeTypes', attributeTypes), added('objectClasses', objectClasses)]);
    const plugin = 'cn=Distributed Numeric Assignment Plugin,cn=plugins,cn=config';
    const rule = (cn: string, more: Record<string, string | string[]>) =>
      client.add(`cn=${cn},${plugin}`, {
        objectClass: ['top', 'extensibleObject'],
        cn,
        dnaMaxValue: '200000',
        dnaScope: baseDn,
        ...more,
      });
    await rule('Posix IDs', {
      dnaType: ['uidNumber', 'gidNumber'],
      dnaNextValue: '100000',
      dnaMagicRegen: '-1',
      dnaFilter: '(|(objectClass=posixAccount)(objectClass=posixGroup)(objectClass=ipaIDobject))',
    });
    await rule('IPA Unique IDs', {
      dnaType: 'ipaUniqueID',
      dnaNextValue: '1',
      dnaPrefix: 'id-',
      dnaMagicRegen: 'autogenerate',
      dnaFilter: '(objectClass=ipaObject)',
    });
    for (const cn of ['accounts', 'users,cn=accounts', 'groups,cn=accounts'])
      await client.add(`cn=${cn},${baseDn}`, { objectClass: ['top', 'nsContainer'] });
  } finally {
    await client.unbind();
  }
}

function added(type: string, values: string[]): Change {
  return new Change({ operation: 'add', modification: new Attribute({ type, values }) });
}
