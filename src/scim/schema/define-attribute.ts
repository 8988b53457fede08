// Turns a short attribute definition into a full one by the defaults of RFC 7643 s2.2, so that nothing else in the
// program has to know them.
import type { AttributeType, Mutability, Returned, Schema, SchemaAttribute, Uniqueness } from './schema.ts';

/** An attribute as it is written down: what is left out takes the RFC's default. */
export interface AttributeShorthand {
  readonly name: string;
  readonly type?: AttributeType | undefined;
  readonly multiValued?: boolean | undefined;
  readonly description?: string | undefined;
  readonly required?: boolean | undefined;
  readonly canonicalValues?: readonly string[] | undefined;
  readonly caseExact?: boolean | undefined;
  readonly mutability?: Mutability | undefined;
  readonly returned?: Returned | undefined;
  readonly uniqueness?: Uniqueness | undefined;
  readonly referenceTypes?: readonly string[] | undefined;
  readonly subAttributes?: readonly AttributeShorthand[] | undefined;
}

/**
 * All characteristics filled in (RFC 7643 s2.2). Beyond its defaults: sub-attributes make the type complex, references
 * and binaries are case exact (s2.3.6, s2.3.7), sub-attributes of a readOnly attribute are readOnly.
 */
export function defineAttribute(definition: AttributeShorthand): SchemaAttribute {
  const { canonicalValues = [], referenceTypes = [] } = definition;
  const type = definition.type ?? (definition.subAttributes === undefined ? 'string' : 'complex');
  const mutability = definition.mutability ?? 'readWrite';
  const inherited = mutability === 'readOnly' ? { mutability } : {};
  return {
    name: definition.name,
    type,
    multiValued: definition.multiValued ?? false,
    description: definition.description ?? '',
    required: definition.required ?? false,
    ...(canonicalValues.length > 0 && { canonicalValues }),
    caseExact: definition.caseExact ?? (type === 'reference' || type === 'binary'),
    mutability,
    returned: definition.returned ?? (mutability === 'writeOnly' ? 'never' : 'default'),
    uniqueness: definition.uniqueness ?? 'none',
    ...(type === 'reference' && referenceTypes.length > 0 && { referenceTypes }),
    ...(type === 'complex' && {
      subAttributes: (definition.subAttributes ?? []).map((sub) => defineAttribute({ ...inherited, ...sub })),
    }),
  };
}

/** A schema from attributes in short form. */
export function defineSchema(
  id: string,
  name: string,
  description: string,
  attributes: readonly AttributeShorthand[],
): Schema {
  return { id, name, description, attributes: attributes.map(defineAttribute) };
}
