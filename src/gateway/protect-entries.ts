// Keeps requests away from entries that nobody may change through the gateway: the account that it binds as, subtrees
// and kinds of entries that the operator names. It stands between the operations and the directory, where every write
// comes by, whatever request and step it belongs to.
import { dnKey, isWithin } from '../ldap/dn.ts';
import { entryOf } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { type LdapFilter, or } from '../ldap/filter.ts';
import { matches } from '../ldap/match-filter.ts';
import type { DirectoryPort, OperationOptions } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { LdapValue } from '../ldap/value.ts';
import { ScimError } from '../scim/error.ts';

export interface Protection {
  /** DNs of the account that the gateway binds as. */
  readonly own: readonly string[];
  /** DNs of subtrees. */
  readonly bases: readonly string[];
  readonly filters: readonly LdapFilter[];
}

/** The directory, of which protected entries are written by nobody: 403. */
export function protectEntries(directory: DirectoryPort, protection: Protection): DirectoryPort {
  const { own, bases, filters } = protection;
  const fixed = [...own, ...bases];
  if (fixed.length === 0 && filters.length === 0) return directory;
  const keys = new Set(own.map(dnKey));
  const filter = filters.length === 0 ? undefined : or(...filters);

  /** Names alone tell of most; only a filter costs a look at the entry. */
  const check = async (dn: string, options: OperationOptions | undefined): Promise<void> => {
    const isProtected =
      keys.has(dnKey(dn)) ||
      bases.some((base) => isWithin(dn, base, 'subtree')) ||
      (filter !== undefined && (await isMatch(directory, dn, filter, options)));
    if (isProtected) throw isProtectedError();
  };
  /** To rename or delete what a protected entry lies below would change it, too. */
  const checkAbove = (dn: string): void => {
    if (fixed.some((each) => isWithin(each, dn, 'subtree'))) throw isProtectedError();
  };
  const checkValues = (values: readonly LdapValue[]): void => {
    if (keys.size > 0 && values.some((value) => typeof value === 'string' && namesOne(value, keys))) throw isOwnError();
  };

  return {
    ...directory,
    async add(request, options) {
      if (bases.some((base) => isWithin(request.dn, base, 'subtree'))) throw isProtectedError();
      for (const { values } of request.attributes) checkValues(values);
      if (filter !== undefined && matches(filter, entryOf(request), await directory.subschema(options))) {
        throw isProtectedError();
      }
      return directory.add(request, options);
    },
    async modify(request, options) {
      await check(request.dn, options);
      for (const { values } of request.modifications) checkValues(values);
      return directory.modify(request, options);
    },
    async modifyDn(request, options) {
      checkAbove(request.dn);
      await check(request.dn, options);
      const { newSuperior } = request;
      if (newSuperior !== undefined && bases.some((base) => isWithin(newSuperior, base, 'subtree'))) {
        throw isProtectedError();
      }
      return directory.modifyDn(request, options);
    },
    async delete(request, options) {
      checkAbove(request.dn);
      await check(request.dn, options);
      return directory.delete(request, options);
    },
    async passwordModify(request, options) {
      await check(request.userIdentity, options);
      return directory.passwordModify(request, options);
    },
  };
}

function namesOne(value: string, keys: ReadonlySet<string>): boolean {
  return value.includes('=') && keys.has(keyOf(value));
}

/** Any text may be a value. */
function keyOf(value: string): string {
  try {
    return dnKey(value);
  } catch {
    return '';
  }
}

async function isMatch(
  directory: DirectoryPort,
  dn: string,
  filter: LdapFilter,
  options: OperationOptions | undefined,
): Promise<boolean> {
  try {
    const search = directory.search({ base: dn, scope: 'base', filter, attributes: ['1.1'] }, options);
    return (await search.collect()).entries.length > 0;
  } catch (error) {
    // The write itself tells what that means.
    if (error instanceof LdapError && error.code === resultCode.noSuchObject) return false;
    throw error;
  }
}

function isProtectedError(): ScimError {
  return new ScimError(403, undefined, 'This resource is protected and may not be changed through this gateway.');
}

function isOwnError(): ScimError {
  const detail = 'The account of this gateway is protected and may not be put into, or taken out of, another resource.';
  return new ScimError(403, undefined, detail);
}
