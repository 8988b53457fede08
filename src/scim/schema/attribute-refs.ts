// The attributes of a resource type, all of them.
import { commonAttributes } from './common.ts';
import { findByName } from './find-attribute.ts';
import type { AttributeRef, ResourceType, SchemaAttribute } from './schema.ts';

/** Every attribute of a type, in the order of its output: common ones first, then core, then extensions. */
export function attributeRefs(type: ResourceType): readonly AttributeRef[] {
  const own = type.schema.attributes;
  const common = commonAttributes.filter(({ name }) => findByName(own, name) === undefined);
  const refs = (urn: string, extension: boolean, attributes: readonly SchemaAttribute[]) =>
    attributes.map((attribute) => ({ urn, extension, attribute }));
  return [
    ...refs(type.schema.id, false, [...common, ...own]),
    ...type.extensions.flatMap(({ schema }) => refs(schema.id, true, schema.attributes)),
  ];
}
