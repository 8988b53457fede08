// The made-up people and groups of the demo, which are inetOrgPerson and groupOfNames, as users and groups of Active
// Directory.

import type { AddRequest } from '../../../src/ldap/operations.ts';
import type { DirectoryPort } from '../../../src/ldap/port.ts';
import type { LdapAttribute, LdapValue } from '../../../src/ldap/value.ts';
import { addEntries, readEntries } from '../load-ldif.ts';

/** Attributes of a person that are kept, by the names that they have in Active Directory. */
const names: ReadonlyMap<string, string> = new Map([
  ...['sn', 'givenName', 'displayName', 'title', 'mail', 'telephoneNumber', 'mobile'].map(
    (name) => [name, name] as const,
  ),
  ...['l', 'st', 'postalCode', 'co', 'employeeType', 'preferredLanguage'].map((name) => [name, name] as const),
  ['street', 'streetAddress'],
  ['roomNumber', 'physicalDeliveryOfficeName'],
  ['o', 'company'],
  ['departmentNumber', 'department'],
  ['employeeNumber', 'employeeID'],
  ['scimDivision', 'division'],
  ['scimCostCenter', 'departmentNumber'],
]);

/** What Windows takes as the name of an account. */
const longestAccountName = 20;
const notInNames = /["/\\[\]:;|=,+*?<>]/g;

/** Makes the units of `suffix` and fills them. `domain` is what stands behind the @ of the names of users. */
export async function loadSample(
  directory: DirectoryPort,
  ldif: Iterable<string>,
  suffix: string,
  domain: string,
): Promise<void> {
  for (const dn of [suffix, `OU=people,${suffix}`, `OU=groups,${suffix}`])
    await directory.add({ dn, attributes: [{ type: 'objectClass', values: ['organizationalUnit'] }] });
  const members: { readonly dn: string; readonly values: readonly LdapValue[] }[] = [];
  function* entries(): Generator<AddRequest> {
    for (const entry of readEntries(ldif)) {
      if (valuesOf(entry, 'uid').length > 0) yield toUser(entry, domain);
      else {
        // A group may be a member of another one that comes later.
        members.push({ dn: entry.dn, values: valuesOf(entry, 'member').map(toDn) });
        yield toGroup(entry);
      }
    }
  }
  // In a row: a manager has to be there first.
  await addEntries(directory, entries(), 1);
  for (const { dn, values } of members)
    await directory.modify({ dn, modifications: [{ operation: 'add', attribute: 'member', values }] });
}

function toUser(entry: AddRequest, domain: string): AddRequest {
  const uid = String(valuesOf(entry, 'uid')[0]);
  const employee = String(valuesOf(entry, 'employeeNumber')[0]);
  const fits = uid.length <= longestAccountName;
  const account = fits ? uid : `${uid.slice(0, longestAccountName - employee.length)}${employee}`;
  const kept = [...names].flatMap(([from, type]): LdapAttribute[] => {
    const [value] = valuesOf(entry, from);
    return value === undefined ? [] : [{ type, values: [value] }];
  });
  const manager = valuesOf(entry, 'manager').map(toDn);
  return {
    dn: toDn(entry.dn),
    attributes: [
      { type: 'objectClass', values: ['user'] },
      { type: 'sAMAccountName', values: [account] },
      { type: 'userPrincipalName', values: [`${uid}@${domain}`] },
      // A normal account that is not disabled.
      { type: 'userAccountControl', values: ['512'] },
      ...kept,
      ...(manager.length > 0 ? [{ type: 'manager', values: manager }] : []),
    ],
  };
}

function toGroup(entry: AddRequest): AddRequest {
  return {
    dn: entry.dn,
    attributes: [
      { type: 'objectClass', values: ['group'] },
      { type: 'sAMAccountName', values: valuesOf(entry, 'cn').map((name) => String(name).replaceAll(notInNames, '-')) },
      { type: 'description', values: valuesOf(entry, 'description') },
    ],
  };
}

/** People are named by cn. */
function toDn(value: LdapValue): string {
  return String(value).replace(/^uid=/i, 'CN=');
}

function valuesOf({ attributes }: AddRequest, name: string): readonly LdapValue[] {
  return attributes.find(({ type }) => type === name)?.values ?? [];
}
