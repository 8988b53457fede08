// The keys `createBase` and `placement` of an entry block: where new entries go, and where a change of value takes them.
import { dnKey } from '../ldap/dn.ts';
import { findAttributePath } from '../scim/filter/attribute-path.ts';
import { findAttribute } from '../scim/schema/find-attribute.ts';
import type { AttributeRef, ResourceType } from '../scim/schema/schema.ts';
import { urns } from '../scim/urns.ts';
import { isFoundBelow } from './check-place.ts';
import type { CompileScope } from './compile-scope.ts';
import type { EntryDefinition } from './file/mapping-file.ts';
import type { AttributeMapper } from './mapper.ts';
import { type EntryRules, findMapper } from './mapping.ts';
import { type Placement, type PlacementRule, placementKey } from './placement.ts';

/** Reports what is wrong with the keys; undefined where they are of no use. */
export function compilePlacement(
  definition: EntryDefinition,
  type: ResourceType,
  entry: EntryRules,
  mappers: ReadonlyMap<string, AttributeMapper>,
  scope: CompileScope,
): Placement | undefined {
  const path = ['resourceTypes', type.name, 'entry'];
  const { createBase, placement } = definition;
  const otherwise = createBase ?? entry.bases[0] ?? '';
  if (createBase !== undefined && !isPlace(createBase, entry, [...path, 'createBase'], scope)) return undefined;
  if (placement === undefined) return { otherwise };
  const rule = compileRule(placement, type, entry, mappers, [...path, 'placement'], scope);
  return rule === undefined ? undefined : { otherwise, rule };
}

function compileRule(
  { by, places }: NonNullable<EntryDefinition['placement']>,
  type: ResourceType,
  entry: EntryRules,
  mappers: ReadonlyMap<string, AttributeMapper>,
  path: readonly string[],
  scope: CompileScope,
): PlacementRule | undefined {
  const parsed = findAttributePath(by.replace(/^enterprise:/, `${urns.enterpriseUser}:`));
  const ref = parsed === undefined ? undefined : findAttribute(type, parsed);
  const mapper = ref === undefined ? undefined : findMapper({ byKey: mappers }, ref);
  const problem = ref === undefined || mapper === undefined ? 'is not mapped' : whyNot(ref, mapper);
  if (problem !== undefined || ref === undefined || mapper === undefined) {
    scope.report('MAP121', [...path, 'by'], `${by} ${problem ?? ''}`, 'name an attribute of one value that is written');
    return undefined;
  }
  const found = new Map<string, string>();
  let sound = true;
  for (const [value, place] of Object.entries(places)) {
    const at = [...path, 'places', value];
    if (!isPlace(place, entry, at, scope)) sound = false;
    const key = placementKey(ref, value);
    const other = found.get(key);
    if (other !== undefined && dnKey(other) !== dnKey(place)) {
      scope.report('MAP121', at, `"${value}" has two places`, `${by} is the same in any letter case`);
      sound = false;
    }
    found.set(key, place);
  }
  return sound ? { ref, mapper, places: found } : undefined;
}

function whyNot({ attribute, subAttribute }: AttributeRef, mapper: AttributeMapper): string | undefined {
  if (attribute.multiValued || subAttribute?.multiValued === true) return 'may have several values';
  if ((subAttribute ?? attribute).type === 'complex') return 'is complex';
  if (mapper.writes.length === 0) return 'is written by nobody';
  return undefined;
}

/** Whether a search of the type finds what is right below it. */
function isPlace(dn: string, entry: EntryRules, path: readonly string[], scope: CompileScope): boolean {
  const isFound = isFoundBelow(dn, entry, path, scope);
  if (isFound !== false) return isFound === true;
  const hint = 'add it to "base", or choose a place below one';
  scope.report('MAP121', path, 'nothing that is put there is found below a base', hint);
  return false;
}
