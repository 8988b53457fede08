import { hasSambaAd } from '../directories/samba-ad/launch.ts';
import { createSuiteBase, getSambaAd } from '../directories/samba-ad/shared.ts';
import { describeBulk } from './bulk.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeCursors } from './cursors.ts';
import { describeFilterProperty } from './filter-property.ts';
import { describeLifeCycle, type LifeCycleDirectory } from './life-cycle.ts';
import { describeRootQuery } from './root-query.ts';

/** The mapping that ships, and attributes of Active Directory for what the suites store beyond it. */
const withMore = (lines: string): { readonly text: string } => ({
  text: `
extends: [active-directory/user-principal-name.yaml, common/usn-changed.yaml]
resourceTypes:
  User:
    attributes:
      name.formatted:
        { template: null, attribute: msDS-PhoneticFirstName, default: "\${name.givenName} \${name.familyName|userName}" }
      name.familyName: { attribute: sn, default: "\${userName}" }
      nickName: msDS-PhoneticDisplayName
      locale: houseIdentifier
      timezone: carLicense
      emails[type eq "home"].value: otherHomePhone
      roles.value: otherIpPhone
${lines}
`,
});
/** mail, telephoneNumber and mobile have one value at most, and the suite of filters has several. */
const severalValues = `
      emails[type eq "work"].value: { attribute: otherMailbox }
      emails[type eq "other"].value: null
      phoneNumbers[type eq "work"].value: { attribute: otherTelephone }
      phoneNumbers[type eq "mobile"].value: otherMobile`;

function start(name: string, more = ''): () => Promise<LifeCycleDirectory> {
  return async () => ({
    ...(await getSambaAd()),
    ...(await createSuiteBase(name)),
    mapping: withMore(more),
    naming: { attribute: 'userPrincipalName', rdn: 'cn', strangerClass: 'computer' },
    refused: { value: { name: { givenName: 'x'.repeat(65) } }, about: /^name: / },
  });
}

if (hasSambaAd()) {
  describeLifeCycle('Samba AD', start('life-cycle'));
  describeFilterProperty('Samba AD', start('filter-property', severalValues));
  describeConcurrency('Samba AD', start('concurrency'));
  describeBulk('Samba AD', start('bulk'));
  describeRootQuery('Samba AD', start('root-query'));
  describeCursors('Samba AD', start('cursors'));
}
