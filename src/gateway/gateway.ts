// One gateway: a directory behind a mapping. `http` and `cli` know it by this interface alone.
import type { Access } from '../mapping/access.ts';
import type { ClientProfile } from '../scim/profile.ts';
import type { ScimRequest, ScimResponse } from '../scim/request.ts';
import type { ResourceType, Schema } from '../scim/schema/schema.ts';

export interface RequestContext {
  /** External base URL without a trailing slash: `https://scim.example.com/scim/v2`. */
  readonly baseUrl: string;
  readonly profile: ClientProfile;
  readonly requestId: string;
  /** Name of the credential that the request came with, for the audit. */
  readonly client?: string;
  /** What the caller may do. */
  readonly access: Access | undefined;
  /** Aborts when the client goes away or the deadline passes. */
  readonly signal: AbortSignal;
}

/** Does `work`, a deletion, where no limit stands against it. */
export type CountDeletion = <T>(context: RequestContext, work: () => Promise<T>) => Promise<T>;

export interface Gateway {
  readonly resourceTypes: readonly ResourceType[];
  /** Every schema in use, extensions included (A9). */
  readonly schemas: readonly Schema[];
  readonly limits: GatewayLimits;
  run(request: ScimRequest, context: RequestContext): Promise<ScimResponse>;
  /** Resolves where the directory answers; rejects with an `LdapError` or `LdapConnectionError`. For readiness. */
  ping(signal?: AbortSignal): Promise<void>;
  /** Tells how things stand, as observations. */
  tellState(): void;
  close(): Promise<void>;
}

export interface GatewayLimits {
  /** Page size where the client names none (I6). */
  readonly defaultCount: number;
  /** Page size at most (I5); advertised as filter.maxResults. */
  readonly maxCount: number;
  /** Entries that a filter with a residual may read before 400 tooMany. */
  readonly maxScan: number;
  /** Age at which a cursor is no longer taken. */
  readonly cursorSeconds: number;
  /** Operations in one bulk request (M15). */
  readonly maxOperations: number;
}

export const defaultLimits: GatewayLimits = {
  defaultCount: 100,
  maxCount: 1000,
  maxScan: 100_000,
  cursorSeconds: 600,
  maxOperations: 1000,
};
