// What somebody may do, as a smaller mapping: resources outside of it do not exist in it, attributes that may not be read
// are returned never. So whatever reads, filters, counts, sorts or refers to resources does so within it, and need not know.
import type { AttributeRef } from '../scim/schema/schema.ts';
import { attributeKey } from '../scim/schema/schema.ts';
import { type CompiledMapping, findMapper, type ResourceMapping } from './mapping.ts';

export const permittedOperations = ['read', 'create', 'modify', 'delete', 'setPassword'] as const;
export type PermittedOperation = (typeof permittedOperations)[number];

/** As a gateway file says it. Of `readable` and `unreadable` there is one at most, likewise for writing. */
export interface TypePermission {
  readonly operations: readonly PermittedOperation[];
  /** A SCIM filter: resources that it does not match do not exist. */
  readonly filter?: string;
  /** Attribute paths: these alone. */
  readonly readable?: readonly string[];
  /** All but these. */
  readonly unreadable?: readonly string[];
  readonly writable?: readonly string[];
  readonly unwritable?: readonly string[];
}

/** By the name of the resource type; of a type that is not named nothing is permitted. */
export type Permissions = Readonly<Record<string, TypePermission>>;

export interface TypeAccess {
  readonly operations: ReadonlySet<PermittedOperation>;
  /** For operations on resources of the type. */
  readonly mapping: ResourceMapping;
  /** `attributeKey` of what may not be read, parts of attributes among them. */
  readonly hidden: ReadonlySet<string>;
}

export interface Access {
  /** Equal for those who see the same; empty for everything. */
  readonly key: string;
  /** All types; those that may not be read have no resources. */
  readonly seen: CompiledMapping;
  /** By resource type; what is missing may not be touched at all. */
  readonly types: ReadonlyMap<string, TypeAccess>;
}

/** To everything that there is. */
export function wholeAccess(compiled: CompiledMapping): Access {
  const operations = new Set(permittedOperations);
  const types = compiled.resourceTypes.map(
    (mapping) => [mapping.type.name, { operations, mapping, hidden: new Set<string>() }] as const,
  );
  return { key: '', seen: compiled, types: new Map(types) };
}

/** Whether the attribute, or the part of it that `ref` names, is among those. */
export function isAmong(keys: ReadonlySet<string>, ref: AttributeRef): boolean {
  return keys.size > 0 && keys.has(attributeKey(ref));
}

/** Whether the attribute, or some part of it, is. */
export function isPartlyAmong(keys: ReadonlySet<string>, ref: AttributeRef): boolean {
  return (
    isAmong(keys, ref) ||
    (ref.subAttribute === undefined &&
      (ref.attribute.subAttributes ?? []).some((subAttribute) => isAmong(keys, { ...ref, subAttribute })))
  );
}

/** Whether it is what `setPassword` is about. */
export function isPassword(mapping: ResourceMapping, ref: AttributeRef): boolean {
  const mapper = findMapper(mapping, ref);
  return mapper?.passwordWrite !== undefined || mapper?.unreadable === true;
}
