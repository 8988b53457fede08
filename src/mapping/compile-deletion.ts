// The `delete` key of a resource type: what a DELETE does, and whether it can.
import { ScimError } from '../scim/error.ts';
import type { ResourceType } from '../scim/schema/schema.ts';
import { isFoundBelow } from './check-place.ts';
import type { CompileScope } from './compile-scope.ts';
import type { ResourceTypeDefinition } from './file/mapping-file.ts';
import type { AttributeMapper } from './mapper.ts';
import type { DeletePolicy, EntryRules } from './mapping.ts';
import { noReferences } from './references.ts';

/** Reports what is wrong with the key; undefined where it is of no use. `active` is the mapper of that attribute. */
export function compileDeletion(
  definition: ResourceTypeDefinition['delete'] = 'delete',
  type: ResourceType,
  entry: EntryRules | undefined,
  active: AttributeMapper | undefined,
  scope: CompileScope,
): DeletePolicy | undefined {
  const path = ['resourceTypes', type.name, 'delete'];
  const { policy, container, references } = typeof definition === 'string' ? { policy: definition } : definition;
  if (policy === 'delete' || policy === 'refuse') return { kind: policy };
  const disables = policy === 'disable' || policy === 'disableAndHide';
  if (disables && !canDisable(active)) {
    const message = `"${policy}" needs an "active" that can be written false`;
    scope.report('MAP120', path, message, 'map it to what keeps the owner of an entry from logging in');
    return undefined;
  }
  if (container !== undefined && !isOutside(container, entry, [...path, 'container'], scope)) return undefined;
  return {
    kind: 'retire',
    ...(disables && active !== undefined ? { disable: active } : {}),
    ...(container === undefined ? {} : { container }),
    keepsReferences: references === 'keep',
  };
}

function canDisable(active: AttributeMapper | undefined): boolean {
  if (active === undefined || active.writes.length === 0 || active.ref.attribute.type !== 'boolean') return false;
  if (active.ref.attribute.mutability === 'immutable') return false;
  try {
    active.toLdap(false, noReferences, 0);
    return true;
  } catch (error) {
    // A list of values that has none for false.
    if (error instanceof ScimError) return false;
    throw error;
  }
}

function isOutside(
  container: string,
  entry: EntryRules | undefined,
  path: readonly string[],
  scope: CompileScope,
): boolean {
  const isFound = isFoundBelow(container, entry, path, scope);
  if (isFound !== true) return isFound === false;
  const hint = 'choose a container beside the base, or name it in "exclude" of the entry block';
  scope.report('MAP120', path, 'what is moved there is still found below a base', hint);
  return false;
}
