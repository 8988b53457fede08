// What an endpoint gets and gives. Neither side knows Koa, so that an endpoint is a function from one value to another.
import type { ResourceIdentity } from '../auth/principal.ts';
import type { RequestContext } from '../gateway/gateway.ts';
import type { JsonValue } from '../scim/json.ts';

export interface Exchange {
  /** Decoded once from the path; never interpreted here. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly context: RequestContext;
  /** The resource that the caller is, where the authentication tells. */
  readonly caller?: ResourceIdentity;
  header(name: string): string | undefined;
  /** The body as JSON. Throws `ScimError` 400, 413 or 415. */
  readJson(): Promise<JsonValue>;
  /** Runs a stage of the work under a name that Server-Timing shows. */
  stage<T>(name: string, work: () => Promise<T> | T): Promise<T>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent for 204 and 304. */
  readonly body?: unknown;
}

export type Endpoint = (exchange: Exchange) => Promise<Reply> | Reply;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Path below the base path, with `:id` for one decoded segment, and what answers each method. */
export type Route = readonly [path: string, endpoints: Readonly<Partial<Record<Method, Endpoint>>>];
