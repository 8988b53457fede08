// Makes a subschema of definitions: from a live directory's subschema entry, from a schema file, or from the standards.
// Attribute types inherit here, once, so that everybody else sees finished ones.
import type { LdapSyntaxError } from '../errors.ts';
import { defaultMatchingRules } from './default-matching-rules.ts';
import { type AttributeTypeDefinition, parseAttributeType, parseObjectClass } from './parse-definition.ts';
import type { AttributeType, ObjectClass, Subschema } from './subschema.ts';

/** Definitions in the notation of RFC 4512 s4.1, as subschema entries hold them. */
export interface SchemaDefinitions {
  readonly attributeTypes: readonly string[];
  readonly objectClasses: readonly string[];
}

export interface ParseSubschemaOptions {
  /** Told of every definition that cannot be read; it is then left out. */
  readonly onUnreadable?: (definition: string, error: LdapSyntaxError) => void;
}

const OCTET_STRING = '1.3.6.1.4.1.1466.115.121.1.40';
/** Superiors in a row; more is a loop. */
const MAX_SUPERIORS = 32;

/** A subschema of what a directory published. What cannot be read is left out: one odd definition stops no gateway. */
export function parseSubschema(definitions: SchemaDefinitions, options: ParseSubschemaOptions = {}): Subschema {
  const read = <T>(texts: readonly string[], parse: (text: string) => T): T[] =>
    texts.flatMap((text) => {
      try {
        return [parse(text)];
      } catch (error) {
        options.onUnreadable?.(text, error as LdapSyntaxError);
        return [];
      }
    });
  const types = read(definitions.attributeTypes, parseAttributeType);
  // Active Directory and Samba 4.17.
  const noRules = types.every(({ equality }) => equality === undefined);
  return buildSubschema(
    noRules
      ? types.map((type) => ({ ...withDefaultRules(type), assumedRules: true }))
      : comparesBySyntax(types)
        ? types.map(withDefaultRules)
        : types,
    read(definitions.objectClasses, parseObjectClass),
  );
}

/** A subschema and more definitions; one with the OID or a name of the base takes its place. Throws `LdapSyntaxError`. */
export function extendSubschema(base: Subschema, definitions: SchemaDefinitions): Subschema {
  return buildSubschema(
    [...base.attributeTypes, ...definitions.attributeTypes.map(parseAttributeType)],
    [...base.objectClasses, ...definitions.objectClasses.map(parseObjectClass)],
  );
}

/**
 * Whether the syntax decides where a definition names no rule. 389-DS leaves out many; an attribute that no other directory
 * has tells that it is one.
 */
function comparesBySyntax(types: readonly AttributeTypeDefinition[]): boolean {
  return types.some(({ names }) => names.some((name) => name.toLowerCase() === 'nsaccountlock'));
}

function withDefaultRules(type: AttributeTypeDefinition): AttributeTypeDefinition {
  const inherits = type.equality !== undefined || type.superior !== undefined;
  return inherits ? type : { ...defaultMatchingRules(type.syntax ?? OCTET_STRING), ...type };
}

function buildSubschema(types: readonly AttributeTypeDefinition[], classes: readonly ObjectClass[]): Subschema {
  const definitionsByName = indexByName(types);
  const attributeTypes = [...new Set(definitionsByName.values())].map(
    (type): AttributeType => ({ syntax: OCTET_STRING, ...inherit(type, definitionsByName) }),
  );
  const typesByName = indexByName(attributeTypes);
  const classesByName = indexByName(classes);
  const objectClasses = [...new Set(classesByName.values())];

  const attributeType = (name: string): AttributeType | undefined => {
    const found = typesByName.get(name);
    if (found !== undefined) return found;
    const semicolon = name.indexOf(';');
    return typesByName.get((semicolon === -1 ? name : name.slice(0, semicolon)).toLowerCase());
  };
  const objectClass = (name: string): ObjectClass | undefined => classesByName.get(name.toLowerCase());
  const canonicalName = (name: string): string => (attributeType(name)?.names[0] ?? name).toLowerCase();

  const allowed = (names: readonly string[]): { must: ReadonlySet<string>; may: ReadonlySet<string> } => {
    const visited = new Set<ObjectClass>();
    const must = new Set<string>();
    const may = new Set<string>();
    const visit = (name: string): void => {
      const found = objectClass(name);
      if (found === undefined || visited.has(found)) return;
      visited.add(found);
      for (const attribute of found.must) must.add(canonicalName(attribute));
      for (const attribute of found.may) may.add(canonicalName(attribute));
      found.superiors.forEach(visit);
    };
    names.forEach(visit);
    for (const attribute of must) may.delete(attribute);
    return { must, may };
  };

  return { attributeTypes, objectClasses, attributeType, objectClass, allowed };
}

/** By OID and every name in lower case; a later definition takes the place of an earlier one whole. */
function indexByName<T extends { readonly oid: string; readonly names: readonly string[] }>(
  definitions: readonly T[],
): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  const keysOf = ({ oid, names }: T): string[] => [oid, ...names].map((name) => name.toLowerCase());
  for (const definition of definitions) {
    for (const key of keysOf(definition)) {
      const replaced = index.get(key);
      if (replaced !== undefined && replaced !== definition) for (const old of keysOf(replaced)) index.delete(old);
    }
    for (const key of keysOf(definition)) index.set(key, definition);
  }
  return index;
}

type Inheritable = Pick<AttributeTypeDefinition, 'syntax' | 'length' | 'equality' | 'ordering' | 'substrings'>;

function inherit(
  type: AttributeTypeDefinition,
  byName: ReadonlyMap<string, AttributeTypeDefinition>,
  steps = 0,
): AttributeTypeDefinition {
  const parent = type.superior === undefined ? undefined : byName.get(type.superior.toLowerCase());
  if (parent === undefined || steps > MAX_SUPERIORS) return type;
  return { ...inheritable(inherit(parent, byName, steps + 1)), ...type };
}

/** What a subtype takes from its superior where it does not say otherwise (RFC 4512 s2.5.1). */
function inheritable({ syntax, length, equality, ordering, substrings }: AttributeTypeDefinition): Inheritable {
  return {
    ...(syntax === undefined ? {} : { syntax }),
    ...(length === undefined ? {} : { length }),
    ...(equality === undefined ? {} : { equality }),
    ...(ordering === undefined ? {} : { ordering }),
    ...(substrings === undefined ? {} : { substrings }),
  };
}
