// The LDAP operations that the limits consist of, as the gateway sends them with `inet-org-person.yaml`.

import type { Company } from '../company.ts';
import type { DirectoryClient, Found } from '../directory-client.ts';

export const personClass = '(objectClass=inetOrgPerson)';
const groupClass = '(objectClass=groupOfNames)';
export const times = ['createTimestamp', 'modifyTimestamp', 'entryCSN'];
const personAttributes = (
  'entryUUID uid sn givenName cn displayName labeledURI title employeeType preferredLanguage pwdAccountLockedTime mail ' +
  'telephoneNumber homePhone mobile facsimileTelephoneNumber pager street l st postalCode postalAddress ' +
  'homePostalAddress userCertificate;binary employeeNumber o ou departmentNumber manager'
)
  .split(' ')
  .concat(times);
/** Ids in one filter. */
const batch = 50;

export interface DirectoryWork {
  /** People with all that is shown of them. */
  people(term: string): Promise<readonly Found[]>;
  /** The same with the groups of each. */
  peopleWithGroups(term: string): Promise<readonly Found[]>;
  groupsOf(dn: string): Promise<readonly Found[]>;
  findPeople(term: string, attributes: readonly string[]): Promise<readonly Found[]>;
  findGroups(term: string, attributes: readonly string[]): Promise<readonly Found[]>;
  /** The ids of everybody, in pages of 500, in order. */
  allIds(): Promise<readonly string[]>;
  /** What a page of a list consists of. */
  page(ids: readonly string[]): Promise<void>;
}

export function workOf({ peopleDn, groupsDn }: Company, directory: DirectoryClient): DirectoryWork {
  const findPeople = (term: string, attributes: readonly string[]) =>
    directory.search(peopleDn, `(&${personClass}${term})`, attributes);
  const findGroups = (term: string, attributes: readonly string[]) =>
    directory.search(groupsDn, groupFilter(term), attributes);
  const people = (term: string) => findPeople(term, personAttributes);
  const groupsOf = (dn: string) => findGroups(`(member=${dn})`, ['entryUUID', 'cn', 'objectClass']);
  const peopleWithGroups = async (term: string): Promise<readonly Found[]> => {
    const found = await people(term);
    await Promise.all(found.map(({ dn }) => groupsOf(dn)));
    return found;
  };
  return {
    people,
    peopleWithGroups,
    groupsOf,
    findPeople,
    findGroups,
    async allIds() {
      const found = await directory.search(peopleDn, personClass, ['entryUUID'], { paged: 500 });
      return found.map((entry) => entry.first('entryUUID') ?? '').sort();
    },
    async page(ids) {
      const batches = Array.from({ length: Math.ceil(ids.length / batch) }, (_, index) =>
        ids.slice(index * batch, (index + 1) * batch),
      );
      const found = await Promise.all(batches.map((some) => people(`(|${some.map(byId).join('')})`)));
      await Promise.all(found.flat().map(({ dn }) => groupsOf(dn)));
    },
  };
}

export function byId(id: string): string {
  return `(entryUUID=${id})`;
}

export function groupFilter(term: string): string {
  return `(&${groupClass}${term})`;
}
