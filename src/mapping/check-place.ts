// DNs in a mapping file right below which entries are put.
import { childDn, parseDn } from '../ldap/dn.ts';
import { LdapSyntaxError } from '../ldap/errors.ts';
import type { CompileScope } from './compile-scope.ts';
import { isInReach, type Reach } from './reach.ts';

/** Whether a search of the type finds what is put right below `dn`; undefined for what is no DN, which is reported. */
export function isFoundBelow(
  dn: string,
  reach: Reach | undefined,
  path: readonly string[],
  scope: CompileScope,
): boolean | undefined {
  try {
    parseDn(dn);
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error;
    scope.report('MAP106', path, error.message);
    return undefined;
  }
  return reach !== undefined && isInReach(reach, childDn('cn=any', dn));
}
