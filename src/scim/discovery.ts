// What the server says about itself (RFC 7643 s5 to s7, RFC 7644 s4): ServiceProviderConfig, ResourceType and Schema
// resources, made from what really is there. Never an empty `canonicalValues`, never a null (A14).
import type { JsonObject } from './json.ts';
import type { ResourceType, Schema, SchemaAttribute } from './schema/schema.ts';
import { urns } from './urns.ts';

export interface AuthenticationScheme {
  /** Of RFC 7643 s5, and words of our own for what that has no word for. */
  readonly type:
    | 'oauth'
    | 'oauth2'
    | 'oauthbearertoken'
    | 'httpbasic'
    | 'httpdigest'
    | 'httphoba'
    | 'tlsclientcertificate';
  readonly name: string;
  readonly description: string;
  readonly specUri?: string;
  readonly documentationUri?: string;
  readonly primary?: boolean;
}

export interface ServiceProviderFeatures {
  /** External, without a trailing slash. */
  readonly baseUrl: string;
  readonly filter: { readonly supported?: boolean; readonly maxResults: number };
  readonly patch: boolean;
  /** Numbers are shown although bulk is not supported: clients size their batches by them (A2). */
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly sort: boolean;
  /** RFC 9865 s4; seconds. */
  readonly pagination: {
    readonly defaultPageSize: number;
    readonly maxPageSize: number;
    readonly cursorTimeout: number;
  };
  readonly etag: boolean;
  readonly changePassword: boolean;
  readonly authenticationSchemes: readonly AuthenticationScheme[];
  readonly documentationUri?: string;
}

/** The ServiceProviderConfig resource (RFC 7643 s5). */
export function serviceProviderConfig(features: ServiceProviderFeatures): JsonObject {
  const { baseUrl, filter, bulk } = features;
  return {
    schemas: [urns.serviceProviderConfig],
    ...(features.documentationUri !== undefined && { documentationUri: features.documentationUri }),
    patch: { supported: features.patch },
    bulk: { supported: bulk.supported, maxOperations: bulk.maxOperations, maxPayloadSize: bulk.maxPayloadSize },
    filter: { supported: filter.supported ?? true, maxResults: filter.maxResults },
    changePassword: { supported: features.changePassword },
    sort: { supported: features.sort },
    pagination: { cursor: true, index: true, defaultPaginationMethod: 'index', ...features.pagination },
    etag: { supported: features.etag },
    authenticationSchemes: features.authenticationSchemes.map((scheme) => ({ ...scheme })),
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** A ResourceType resource (RFC 7643 s6); its id is its name. */
export function resourceTypeResource(type: ResourceType, baseUrl: string): JsonObject {
  const extensions = type.extensions.map(({ schema, required }) => ({ schema: schema.id, required }));
  return {
    schemas: [urns.resourceType],
    id: type.name,
    name: type.name,
    ...(type.description !== '' && { description: type.description }),
    endpoint: type.endpoint,
    schema: type.schema.id,
    ...(extensions.length > 0 && { schemaExtensions: extensions }),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${encodeURIComponent(type.name)}` },
  };
}

/** A Schema resource (RFC 7643 s7). */
export function schemaResource(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [urns.schema],
    id: schema.id,
    name: schema.name,
    ...(schema.description !== '' && { description: schema.description }),
    attributes: schema.attributes.map(attributeDefinition),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${encodeURI(schema.id)}` },
  };
}

function attributeDefinition(attribute: SchemaAttribute): JsonObject {
  const { type, canonicalValues = [], referenceTypes = [] } = attribute;
  const hasCase = type === 'string' || type === 'reference' || type === 'binary';
  return {
    name: attribute.name,
    type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(canonicalValues.length > 0 && { canonicalValues }),
    ...(hasCase && { caseExact: attribute.caseExact }),
    mutability: attribute.mutability,
    returned: attribute.returned,
    // Erratum 6004: a complex attribute as a whole is not unique or otherwise.
    ...(type !== 'complex' && { uniqueness: attribute.uniqueness }),
    ...(type === 'reference' && referenceTypes.length > 0 && { referenceTypes }),
    ...(type === 'complex' && { subAttributes: (attribute.subAttributes ?? []).map(attributeDefinition) }),
  };
}
