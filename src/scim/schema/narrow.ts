// Cuts a schema down to what a mapping can hold, so that discovery tells the truth (A13) and the parsers refuse the rest.
import { defineAttribute } from './define-attribute.ts';
import type { Schema, SchemaAttribute } from './schema.ts';

/**
 * The schema with the attributes that `keep` has an answer for, each with the answer's characteristics on top of its
 * own. Paths are `userName` and `name.givenName`. A complex attribute stays while one of its sub-attributes does; where
 * all of those are readOnly it is readOnly too, unless the answer says otherwise.
 */
export function narrowSchema(schema: Schema, keep: (path: string) => Partial<SchemaAttribute> | undefined): Schema {
  const attributes = schema.attributes.flatMap((attribute) => {
    const answer = keep(attribute.name);
    if (attribute.type !== 'complex') return answer === undefined ? [] : [narrowAttribute(attribute, answer)];
    const subAttributes = (attribute.subAttributes ?? []).flatMap((sub) => {
      const subAnswer = keep(`${attribute.name}.${sub.name}`);
      return subAnswer === undefined ? [] : [narrowAttribute(sub, subAnswer)];
    });
    if (subAttributes.length === 0) return [];
    const readOnly = subAttributes.every((sub) => sub.mutability === 'readOnly');
    return [
      narrowAttribute(
        { ...attribute, ...(readOnly && { mutability: 'readOnly' }), subAttributes },
        { ...answer, subAttributes },
      ),
    ];
  });
  return { ...schema, attributes };
}

function narrowAttribute(attribute: SchemaAttribute, answer: Partial<SchemaAttribute>): SchemaAttribute {
  return defineAttribute({ ...attribute, ...answer, name: attribute.name });
}
