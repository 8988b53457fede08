// A name that is too long for the directory is the client's to mend, whatever code the directory has for it.
import { LdapError } from '../ldap/errors.ts';
import { ScimError } from '../scim/error.ts';
import type { Run } from './run.ts';

/** Below this no directory fails on a name for its length. */
const longRdnOctets = 200;

/** The outcome of an add or a rename to `rdn`. Throws 400 invalidValue where the directory could not keep the name. */
export async function keepingName<T>(run: Run, rdn: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const octets = Buffer.byteLength(rdn);
    if (
      !(error instanceof LdapError) ||
      octets < longRdnOctets ||
      !run.dialect.codes.nameTooLong.includes(error.code)
    ) {
      throw error;
    }
    const detail = `The name of the resource is too long for the directory: ${octets} octets.`;
    throw new ScimError(400, 'invalidValue', detail, { cause: error });
  }
}
