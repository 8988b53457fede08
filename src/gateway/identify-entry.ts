import { LdapError } from '../ldap/errors.ts';
import { filterAttributes } from '../ldap/filter.ts';
import { matches } from '../ldap/match-filter.ts';
import type { DirectoryPort } from '../ldap/port.ts';
import { resultCode } from '../ldap/result-codes.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import { readId } from '../mapping/plan-fetch.ts';
import { isInReach } from '../mapping/reach.ts';

/** Which resource the entry of a DN is; undefined where it is none. */
export async function identifyEntry(
  directory: DirectoryPort,
  { resourceTypes, subschema }: CompiledMapping,
  dn: string,
  signal?: AbortSignal,
): Promise<{ readonly type: string; readonly id: string } | undefined> {
  const attributes = resourceTypes.flatMap(({ entry, id }) => [id.attribute, ...filterAttributes(entry.filter)]);
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const request = { base: dn, scope: 'base', filter, attributes: [...new Set(attributes)] } as const;
  try {
    const { entries } = await directory.search(request, signal === undefined ? {} : { signal }).collect();
    const [entry] = entries;
    if (entry === undefined) return undefined;
    const mapping = resourceTypes.find(
      ({ entry: rules }) => isInReach(rules, entry.dn) && matches(rules.filter, entry, subschema),
    );
    const id = mapping === undefined ? undefined : readId(mapping, entry);
    return mapping === undefined || id === undefined ? undefined : { type: mapping.type.name, id };
  } catch (error) {
    const gone: readonly number[] = [resultCode.noSuchObject, resultCode.insufficientAccessRights];
    if (error instanceof LdapError && gone.includes(error.code)) return undefined;
    throw error;
  }
}
