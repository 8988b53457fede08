// A place that the mapping names and the directory lacks is the operator's to mend. By the directory's own answer a client
// would learn that its resource is gone, 404, or nothing.
import { LdapError } from '../ldap/errors.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { ScimError } from '../scim/error.ts';
import { collect, type Run } from './run.ts';

/** The outcome of an add, or of a move, to right below `superior`. Throws 500 where that is not there. */
export async function placedBelow<T>(run: Run, superior: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LdapError) || !run.dialect.codes.placeMissing.includes(error.code)) throw error;
    if (await exists(run, superior)) throw error;
    const detail = 'The mapping names a place for the resource that the directory does not have. Nothing was changed.';
    throw new ScimError(500, undefined, detail, { cause: error });
  }
}

async function exists(run: Run, dn: string): Promise<boolean> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  try {
    return (await collect(run, [{ base: dn, scope: 'base', filter, attributes: ['1.1'] }])).length > 0;
  } catch (error) {
    if (error instanceof LdapError && error.code === resultCode.noSuchObject) return false;
    throw error;
  }
}
