import { LdapError } from '../errors.ts';
import { LdifError, parseLdif } from '../ldif.ts';
import { applyLoad } from './apply-add.ts';
import type { DirectoryState } from './directory-state.ts';

/**
 * Adds content records, each chunk holding whole ones, and returns how many. Throws `LdifError` where it is no content and
 * `LdapError` where an entry does not fit the schema; what came before it stays.
 */
export function loadLdif(state: DirectoryState, ldif: string | Iterable<string>): number {
  const before = state.store.size;
  for (const chunk of typeof ldif === 'string' ? [ldif] : ldif) {
    for (const record of parseLdif(chunk)) {
      if (record.kind !== 'entry' && record.kind !== 'add')
        throw new LdifError(`a record of content expected, not "changetype: ${record.kind}"`, record.line);
      try {
        applyLoad(state, record);
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        throw new LdapError(error.code, `${record.dn}: ${error.diagnosticMessage}`, error.matchedDn);
      }
    }
  }
  return state.store.size - before;
}
