// `schemas` is derived: it names the core schema and those extensions of which data is present (B13, C6).
import type { Resource } from './resource.ts';
import type { ResourceType } from './schema/schema.ts';

/** The resource with `schemas` in front, made from what it holds. */
export function withSchemas(resource: Resource, type: ResourceType): Resource {
  const { schemas: _before, ...rest } = resource;
  const extensions = type.extensions.map(({ schema }) => schema.id).filter((urn) => Object.hasOwn(resource, urn));
  return { schemas: [type.schema.id, ...extensions], ...rest };
}
