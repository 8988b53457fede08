// If-Match (RFC 7644 s3.14): the version that the client knows against the version that is. The assertion control closes
// the time between this look and the write for what the entry itself holds; who joins or leaves a group in between is
// not seen.
import type { LdapEntry } from '../ldap/entry.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { readVersion } from '../mapping/plan-fetch.ts';
import { ScimError } from '../scim/error.ts';
import { matchesEtag } from '../scim/etag.ts';
import type { Preconditions } from '../scim/request.ts';
import { createReferenceResolver } from './references.ts';
import type { Run } from './run.ts';

/** Throws 412 where the resource is of another version (L5). `entry` has what `versionReads` names. */
export async function checkIfMatch(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
  { ifMatch }: Preconditions,
): Promise<void> {
  if (ifMatch === undefined) return;
  const version = await resolveVersion(run, mapping, entry);
  if (version !== undefined && !matchesEtag(ifMatch, version)) {
    throw new ScimError(
      412,
      undefined,
      'The resource has changed since the version in If-Match. Read it again and repeat the change.',
    );
  }
}

/** The version of an entry that is not to be shown. */
export async function resolveVersion(
  run: Run,
  mapping: ResourceMapping,
  entry: LdapEntry,
): Promise<string | undefined> {
  const resolver = createReferenceResolver(run);
  await resolver.resolve([entry], mapping.versionNeeds);
  return readVersion(mapping, entry, resolver);
}

/** LDAP attributes that the version is made of. */
export function versionReads(mapping: ResourceMapping): string[] {
  const keys = mapping.versionNeeds.flatMap(({ sources }) => sources.flatMap(({ by }) => by ?? []));
  return [mapping.id.attribute, ...(mapping.version === undefined ? [] : [mapping.version]), ...keys];
}
