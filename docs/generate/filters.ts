// Filters and the two LDAP filters that they become, by the compiler itself.
import { readFileSync } from 'node:fs';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import { isExact } from '../../src/mapping/bounds.ts';
import { planFilter } from '../../src/mapping/plan-filter.ts';
import { noReferences } from '../../src/mapping/references.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../src/scim/filter/resolve.ts';
import { inlineCode, printTable } from './regions.ts';
import { startTrial } from './trial.ts';

const filters = [
  'active eq true',
  'displayName eq "Babs"',
  'userName eq "bjensen"',
  'userName ne "bjensen"',
  'title sw "Tour"',
  'title sw "Tour guide"',
  'title gt "M"',
  'title pr and not (title eq "Guide")',
  'emails.type eq "work"',
  'emails[type eq "work" and value ew "@example.com"]',
  'phoneNumbers.value eq "+1 555-0100"',
  'externalId eq "A7"',
  'locale eq "en-US" or userType eq "Employee"',
  'meta.lastModified ge "2026-11-01T00:00:00Z"',
  'userName eq "*)(uid=*"',
];

/** For the mapping that the demo uses. */
export async function printFilterTable(): Promise<string> {
  const schemaLdif = [readFileSync(new URL('../../mappings/openldap/scim-person.ldif', import.meta.url), 'utf8')];
  const trial = await startTrial({
    mapping: 'extends: scim-ldap/openldap/inet-org-person-scim.yaml',
    ldif: '',
    schemaLdif,
  });
  try {
    const mapping = trial.mapping.resourceTypes.find(({ type }) => type.name === 'User');
    if (mapping === undefined) throw new Error('The mapping has no User');
    const rows = filters.map((text) => {
      const bounds = planFilter(resolveFilter(parseFilter(text), mapping.type), mapping, noReferences);
      const [upper, lower] = [printLdapFilter(bounds.upper), printLdapFilter(bounds.lower)];
      return [inlineCode(text), inlineCode(upper), isExact(bounds) ? 'the same' : inlineCode(lower)];
    });
    return printTable(['SCIM filter', 'upper: matches at least', 'lower: matches at most'], rows);
  } finally {
    await trial.stop();
  }
}
