// A place that the mapping names and the directory lacks is the operator's to mend. By the directory's own answer a client
// would learn that its resource is gone, 404, or nothing.
import { LdapError } from '../ldap/errors.ts';
import type { ModifyDnRequest } from '../ldap/operations.ts';
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

/** The outcome of a rename or a move. An entry that is gone is told as such, whatever the directory says of it. */
export async function renaming<T>(
  run: Run,
  { dn, newSuperior }: Pick<ModifyDnRequest, 'dn' | 'newSuperior'>,
  work: Promise<T>,
): Promise<T> {
  try {
    return await (newSuperior === undefined ? work : placedBelow(run, newSuperior, work));
  } catch (error) {
    // Samba 4.17.12 answers 80 where the entry went with its parent.
    const gone = error instanceof LdapError && run.dialect.codes.placeMissing.includes(error.code);
    if (!gone || (await exists(run, dn))) throw error;
    throw new LdapError(resultCode.noSuchObject, error.diagnosticMessage);
  }
}

export async function exists(run: Run, dn: string): Promise<boolean> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  try {
    return (await collect(run, [{ base: dn, scope: 'base', filter, attributes: ['1.1'] }])).length > 0;
  } catch (error) {
    if (error instanceof LdapError && error.code === resultCode.noSuchObject) return false;
    throw error;
  }
}
