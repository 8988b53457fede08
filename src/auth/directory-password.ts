// Passwords that the directory knows: the user's entry is found, by a search or by a template of its DN, and the directory
// is asked by a bind as that entry. What a user types is a value in a filter or in an RDN, and never anything more.
import { type Dn, parseDn, printDn } from '../ldap/dn.ts';
import { type LdapFilter, mapTests } from '../ldap/filter.ts';
import type { SearchScope } from '../ldap/operations.ts';
import type { ResourceIdentity } from './principal.ts';

/** Where `{user}` stands in a value, the name of the user is put. */
export type UserEntry =
  | { readonly kind: 'template'; readonly dn: string }
  | { readonly kind: 'search'; readonly base: string; readonly scope: SearchScope; readonly filter: LdapFilter };

/** What is asked of the directory. */
export interface PasswordDirectory {
  /** DNs of what matches, two at most. */
  find(search: {
    readonly base: string;
    readonly scope: SearchScope;
    readonly filter: LdapFilter;
  }): Promise<readonly string[]>;
  /** Whether the password is the entry's. */
  bind(dn: string, password: string): Promise<boolean>;
  /** Which resource the entry is. */
  identify(dn: string): Promise<ResourceIdentity | undefined>;
}

export interface ProvenUser {
  readonly dn: string;
  readonly resource: ResourceIdentity | undefined;
}

const place = '{user}';

/** Undefined where there is no such user, more than one, or the password is not theirs. */
export async function checkInDirectory(
  directory: PasswordDirectory,
  entry: UserEntry,
  user: string,
  password: string,
): Promise<ProvenUser | undefined> {
  const dn = entry.kind === 'template' ? fillDn(entry.dn, user) : await findDn(directory, entry, user);
  if (dn === undefined || password === '' || !(await directory.bind(dn, password))) return undefined;
  return { dn, resource: await directory.identify(dn) };
}

async function findDn(
  directory: PasswordDirectory,
  { base, scope, filter }: Extract<UserEntry, { kind: 'search' }>,
  user: string,
): Promise<string | undefined> {
  const [dn, ...others] = await directory.find({ base, scope, filter: fillFilter(filter, user) });
  return others.length === 0 ? dn : undefined;
}

/** Throws `LdapSyntaxError` where the template is no DN. */
export function fillDn(template: string, user: string): string {
  const filled: Dn = parseDn(template).map((rdn) =>
    rdn.map((part) => ({ ...part, value: typeof part.value === 'string' ? fill(part.value, user) : part.value })),
  );
  return printDn(filled);
}

export function fillFilter(filter: LdapFilter, user: string): LdapFilter {
  return mapTests(filter, (test) =>
    test.kind === 'equality' && typeof test.value === 'string' ? { ...test, value: fill(test.value, user) } : test,
  );
}

function fill(value: string, user: string): string {
  return value.split(place).join(user);
}

/** Whether the name of the user has a place in it: otherwise one password would be everybody's. */
export function namesUser(entry: UserEntry): boolean {
  const probe = 'scim-ldap-probe';
  if (entry.kind === 'template') return fillDn(entry.dn, probe).includes(probe);
  return JSON.stringify(fillFilter(entry.filter, probe)).includes(probe);
}
