// A compiled mapping: what the plans read. One `ResourceMapping` per resource type, each with its entry rules and one
// mapper per SCIM attribute. Immutable; made once by `compileMapping`, shared by all requests.
import type { LdapEntry } from '../ldap/entry.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import type { SearchScope } from '../ldap/operations.ts';
import type { Subschema } from '../ldap/subschema/subschema.ts';
import type { ResourceType, Schema } from '../scim/schema/schema.ts';
import { type AttributeRef, attributeKey } from '../scim/schema/schema.ts';
import type { MappedKey } from './compile-scope.ts';
import type { Leaf } from './leaf.ts';
import type { AttributeMapper } from './mapper.ts';
import type { Placement } from './placement.ts';
import type { BacklinkNeed } from './references.ts';
import type { Template } from './template.ts';

export interface CompiledMapping {
  readonly name: string;
  readonly resourceTypes: readonly ResourceMapping[];
  readonly schemas: readonly Schema[];
  readonly subschema: Subschema;
}

export interface ResourceMapping {
  /** With the schema narrowed to what is mapped. */
  readonly type: ResourceType;
  readonly entry: EntryRules;
  readonly placement: Placement;
  readonly deletion: DeletePolicy;
  readonly id: Leaf;
  /** LDAP attribute that changes with every write of the entry. */
  readonly version: string | undefined;
  /** Backlinks: they change what the resource shows without changing the entry, so its version covers them too (L2). */
  readonly versionNeeds: readonly BacklinkNeed[];
  /** In the order of output; `id` and `meta` among them. */
  readonly mappers: readonly AttributeMapper[];
  /** The keys of the file that the mappers are made of, in its order. */
  readonly keys: readonly MappedKey[];
  /** By `attributeKey`. */
  readonly byKey: ReadonlyMap<string, AttributeMapper>;
  /** LDAP attributes of which the first present is the resource's name for people. */
  readonly display: readonly string[];
  /** What others need of an entry of the type to know its id, name and key values. */
  readonly targetAttributes: readonly string[];
  /** `attributeKey` of what may not be written though the mapping would; empty in the mapping itself. */
  readonly sealed: ReadonlySet<string>;
}

export interface EntryRules {
  readonly bases: readonly string[];
  readonly scope: SearchScope;
  /** DNs of subtrees below a base whose entries are not of the type. */
  readonly exclude: readonly string[];
  readonly filter: LdapFilter;
  /** Which of them exist for somebody; `filter` says it, too, as far as LDAP can. */
  readonly limit?: EntryLimit;
  readonly objectClasses: readonly string[];
  /** LDAP attribute in lower case -> the auxiliary class that allows it. */
  readonly auxiliary: ReadonlyMap<string, string>;
  readonly rdn: string;
  readonly defaults: readonly EntryDefault[];
}

export interface EntryLimit {
  /** LDAP attributes that `holds` looks at. */
  readonly attributes: readonly string[];
  /** The directory alone decides by the filter. */
  readonly exact: boolean;
  holds(entry: LdapEntry): boolean;
}

/** What a DELETE does. */
export type DeletePolicy =
  | { readonly kind: 'delete' }
  | { readonly kind: 'refuse' }
  /** The entry stays. */
  | {
      readonly kind: 'retire';
      /** The mapper of `active`, which becomes false. */
      readonly disable?: AttributeMapper;
      /** DN right below which the entry goes, where no search of the type finds it. */
      readonly container?: string;
      readonly keepsReferences: boolean;
    };

/** An LDAP attribute that new entries get though no SCIM attribute holds it. */
export type EntryDefault =
  | {
      readonly attribute: string;
      readonly templates: readonly Template[];
      /** The values change with what they are made of. */
      readonly follows: boolean;
    }
  | { readonly attribute: string; readonly counter: { readonly entry: string; readonly attribute: string } };

export function findMapper(mapping: Pick<ResourceMapping, 'byKey'>, ref: AttributeRef): AttributeMapper | undefined {
  return mapping.byKey.get(
    attributeKey(
      ref.subAttribute === undefined ? ref : { urn: ref.urn, extension: ref.extension, attribute: ref.attribute },
    ),
  );
}

/** Throws an `Error`: a resource type of another mapping is a mistake of the program. */
export function getResourceMapping(mapping: CompiledMapping, typeName: string): ResourceMapping {
  const found = mapping.resourceTypes.find((each) => each.type.name === typeName);
  if (found === undefined) throw new Error(`The mapping has no resource type ${typeName}`);
  return found;
}
