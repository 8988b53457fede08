import { isDn } from '../ldap/dn.ts';
import { LdapSyntaxError } from '../ldap/errors.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import { parseLdapFilter } from '../ldap/parse-filter.ts';
import type { FileReader } from './file-reader.ts';
import type { GuardSettings } from './gateway-config.ts';
import type { GuardBlock } from './gateway-file.ts';
import { Secret } from './secret.ts';

/** The `guards` of a gateway file. */
export function toGuards(block: GuardBlock, reader: FileReader): GuardSettings {
  const { readOnly = false, protect = {}, deletions } = block;
  const { bases = [], filters = [] } = protect;
  for (const [index, base] of bases.entries()) {
    if (!isDn(base) || base === '') {
      reader.report('wrongValue', 'error', ['guards', 'protect', 'bases', String(index)], 'is not a DN');
    }
  }
  return {
    readOnly,
    ...(deletions === undefined ? {} : { deletions: toDeletions(deletions, reader) }),
    protect: { bases, filters: filters.flatMap((text, index) => toFilter(text, index, reader) ?? []) },
  };
}

const urlKeys = { url: 'literal', urlFile: 'file', urlEnv: 'environment' } as const;

function toDeletions(
  { shared, seconds = 3600, ...limits }: NonNullable<GuardBlock['deletions']>,
  reader: FileReader,
): NonNullable<GuardSettings['deletions']> {
  const at = ['guards', 'deletions'];
  if (limits.perCredential === undefined && limits.perTenant === undefined) {
    reader.report('missingKey', 'error', at, '"perCredential" or "perTenant" is missing');
  }
  const secret = shared === undefined ? undefined : reader.readSecret([...at, 'shared'], shared, urlKeys);
  if (secret === undefined) return { ...limits, seconds };
  const place = [...at, 'shared', secret.key];
  const url = URL.parse(secret.value);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    reader.report('wrongValue', 'error', place, 'is not a URL such as rediss://valkey.example.com:6379/0');
  } else if (secret.key === 'url' && url.password !== '') {
    reader.report('literalSecret', 'warning', place, 'a password stands in the file', 'use urlFile or urlEnv');
  }
  return { ...limits, seconds, shared: new Secret(secret.value) };
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
