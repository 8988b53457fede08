// Attributes that clients search by, and whether the directory has an index for them.
import { LdapError } from '../ldap/errors.ts';
import type { MappedKey } from '../mapping/compile-scope.ts';
import { directoryName, typeKey } from '../mapping/directory-name.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import type { CheckRun } from './check-run.ts';

/** By these clients find the resources again that they have. */
const searched = new Set(['id', 'userName', 'externalId', 'displayName', 'emails']);

export async function checkIndexes(run: CheckRun): Promise<void> {
  const { indexes } = run.dialect;
  if (indexes === undefined) {
    run.remark('Indexes: this directory has no way to ask for them that the gateway knows.');
    return;
  }
  const request = indexes.search(await run.directory.rootDse());
  let entries: Awaited<ReturnType<ReturnType<CheckRun['directory']['search']>['collect']>>['entries'];
  try {
    ({ entries } = await run.directory.search(request).collect());
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    run.remark(`Indexes: ${request.base} is not readable for the account of the gateway (${error.message}).`);
    return;
  }
  const blind = new Set<string>();
  for (const mapping of run.mapping.resourceTypes) {
    for (const base of mapping.entry.bases) {
      const indexed = indexes.read(entries, base);
      if (indexed === undefined) {
        blind.add(base);
        continue;
      }
      reportMissing(run, mapping, indexed, (attribute) => indexes.remedy(attribute));
    }
  }
  if (blind.size > 0) {
    run.remark(
      `Indexes: ${request.base} shows none for ${[...blind].join(', ')}; the account of the gateway may not be allowed to read it.`,
    );
  }
}

function reportMissing(
  run: CheckRun,
  mapping: ResourceMapping,
  indexed: ReadonlySet<string>,
  remedy: (attribute: string) => string,
): void {
  for (const key of mapping.keys) {
    if (key.mapping.attribute === undefined || !isSearched(run, mapping, key)) continue;
    const name = directoryName(key.mapping.attribute, run.mapping.subschema);
    if (indexed.has(typeKey(name))) continue;
    const message = `clients search by ${key.key}, and ${name} has no index for equality`;
    run.report('notIndexed', 'warning', key.path, message, remedy(name));
  }
}

function isSearched(
  { mapping: compiled }: CheckRun,
  { type }: ResourceMapping,
  { target, mapping }: MappedKey,
): boolean {
  if (target.ref.extension) return false;
  if (searched.has(target.ref.attribute.name))
    return target.subAttribute === undefined || target.subAttribute.name === 'value';
  // What others are shown by: the groups of a user are found by their members.
  const isFollowed = compiled.resourceTypes.some(({ mappers }) =>
    mappers.some(({ needs }) =>
      needs.some(
        (need) =>
          need.kind === 'backlink' &&
          need.sources.some(
            (source) =>
              source.type === type.name &&
              source.kept === undefined &&
              source.attribute.toLowerCase() === mapping.attribute?.toLowerCase(),
          ),
      ),
    ),
  );
  return mapping.reference !== undefined && isFollowed;
}
