// One key of a mapping file -> the leaf that carries its values: the transform, and what the directory's schema says of
// the LDAP attribute.
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import { isJsonObject } from '../scim/json.ts';
import type { SchemaAttribute } from '../scim/schema/schema.ts';
import { isReadOnlyKey } from './characteristics.ts';
import type { CompileScope, MappedKey } from './compile-scope.ts';
import { directoryName, suggestAttribute } from './directory-name.ts';
import type { Leaf } from './leaf.ts';
import { transformFactories } from './transforms/registry.ts';
import { stringTransform } from './transforms/string.ts';
import type { Transform } from './transforms/transform.ts';
import { createValuesTransform } from './transforms/values.ts';

/** `key.mapping.attribute` is present. */
export function compileLeaf(definition: SchemaAttribute, key: MappedKey, scope: CompileScope): Leaf {
  const attribute = key.mapping.attribute ?? '';
  const ldapType = findLdapType(attribute, key, scope);
  const readOnly = definition.mutability === 'readOnly' || isReadOnlyKey(key.mapping);
  if (ldapType?.noUserModification === true && !readOnly) {
    scope.report(
      'MAP111',
      key.path,
      `${attribute} is set by the directory and cannot be written`,
      'add access: readOnly',
    );
  }
  return {
    definition,
    attribute: directoryName(attribute, scope.options.subschema),
    transform: chooseTransform(definition, readOnly, key, scope),
    type: ldapType,
    singleValued: key.mapping.singleValued ?? ldapType?.singleValue ?? false,
    readOnly,
  };
}

/** What the directory's schema says of an attribute, which stands `at` the key; reports one that a live schema does not have. */
export function findLdapType(
  attribute: string,
  key: MappedKey,
  scope: CompileScope,
  at: readonly string[] = ['attribute'],
): AttributeType | undefined {
  const found = scope.options.subschema.attributeType(attribute);
  if (found === undefined && scope.options.live) {
    scope.report(
      'MAP110',
      [...key.path, ...at],
      `the directory's schema has no attribute ${attribute}`,
      suggestAttribute(attribute, scope.options.subschema) ?? 'load its schema, or map another attribute',
    );
  }
  return found;
}

/** By the SCIM type, where the file names none. */
const defaultTransforms: Readonly<Record<SchemaAttribute['type'], string>> = {
  string: 'string',
  reference: 'string',
  boolean: 'boolean',
  integer: 'integer',
  decimal: 'decimal',
  dateTime: 'generalizedTime',
  binary: 'binary',
  complex: 'string',
};

function chooseTransform(
  definition: SchemaAttribute,
  readOnly: boolean,
  key: MappedKey,
  scope: CompileScope,
): Transform {
  const { values, otherwise, transform, options } = key.mapping;
  const fallback = stringTransform.create({});
  try {
    if (values !== undefined) {
      const { type } = definition;
      return createValuesTransform({
        values,
        ...(otherwise === undefined ? {} : { otherwise }),
        ...(type === 'boolean' || type === 'integer' || type === 'decimal' ? { type } : {}),
        ...(key.target.ref.attribute.multiValued ? { multiValued: true } : {}),
        ...(definition.caseExact ? { caseExact: true } : {}),
      });
    }
    const chosen = transformFactories.get(transform ?? defaultTransforms[definition.type])?.create(options ?? {});
    if (chosen === undefined) return fallback;
    if (!chosen.traits.types.includes(definition.type)) {
      scope.report(
        'MAP112',
        [...key.path, 'transform'],
        `${chosen.name} makes ${chosen.traits.types.join(' or ')}, and ${key.key} is ${definition.type}`,
        `for ${definition.type} use ${defaultTransforms[definition.type]}`,
      );
    }
    if (!chosen.traits.invertible && !readOnly) {
      scope.report(
        'MAP113',
        [...key.path, 'transform'],
        `${chosen.name} loses what it cannot turn back, and ${key.key} can be written`,
        'add access: readOnly',
      );
    }
    return chosen;
  } catch (error) {
    scope.report(
      'MAP114',
      [...key.path, isJsonObject(options) ? 'options' : 'values'],
      error instanceof Error ? error.message : String(error),
    );
    return fallback;
  }
}
