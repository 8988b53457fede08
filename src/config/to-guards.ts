import { isDn } from '../ldap/dn.ts';
import { LdapSyntaxError } from '../ldap/errors.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import { parseLdapFilter } from '../ldap/parse-filter.ts';
import type { FileReader } from './file-reader.ts';
import type { GuardSettings } from './gateway-config.ts';
import type { GuardBlock } from './gateway-file.ts';

/** The `guards` of a gateway file. */
export function toGuards(block: GuardBlock, reader: FileReader): GuardSettings {
  const { readOnly = false, protect = {} } = block;
  const { bases = [], filters = [] } = protect;
  for (const [index, base] of bases.entries()) {
    if (!isDn(base) || base === '') {
      reader.report('wrongValue', 'error', ['guards', 'protect', 'bases', String(index)], 'is not a DN');
    }
  }
  return {
    readOnly,
    protect: { bases, filters: filters.flatMap((text, index) => toFilter(text, index, reader) ?? []) },
  };
}

function toFilter(text: string, index: number, reader: FileReader): LdapFilter | undefined {
  try {
    return parseLdapFilter(text);
  } catch (error) {
    if (!(error instanceof LdapSyntaxError)) throw error;
    reader.report('wrongValue', 'error', ['guards', 'protect', 'filters', String(index)], error.message);
    return undefined;
  }
}
