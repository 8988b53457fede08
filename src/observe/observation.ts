// Everything worth telling, as one union; log, metrics and audit consume it and nothing else. Values never enter an
// observation, as any of them may be a secret: a change is told by its operations, DNs and attribute names.

export type Observation =
  | { readonly kind: 'started'; readonly url: string; readonly version: string }
  | { readonly kind: 'stopping'; readonly reason: string }
  | { readonly kind: 'stopped' }
  /** A tenant cannot be served, and is tried again after so many seconds. */
  | { readonly kind: 'tenantFailed'; readonly error: unknown; readonly retrySeconds: number }
  /** It can, after it could not. */
  | { readonly kind: 'tenantOpened'; readonly warnings: readonly string[] }
  /** One of several processes has ended by itself, and another takes its place after so long; `worker` is its process id. */
  | {
      readonly kind: 'workerEnded';
      readonly worker: number;
      readonly reason: string;
      readonly retryMilliseconds: number;
    }
  | { readonly kind: 'workerStarted'; readonly worker: number }
  | {
      readonly kind: 'request';
      readonly requestId: string;
      readonly method: string;
      /** Path without the query: filters hold personal data. */
      readonly path: string;
      /** The form of path that it fits, such as `/Users/:id`; empty where it fits none. */
      readonly route: string;
      readonly status: number;
      readonly milliseconds: number;
      readonly client: string;
    }
  | { readonly kind: 'requestFailed'; readonly requestId: string; readonly error: unknown }
  /** Something behind the gateway refused the request; `error` says more than the client was told. */
  | { readonly kind: 'requestRefused'; readonly requestId: string; readonly status: number; readonly error: unknown }
  | {
      readonly kind: 'ldapOperation';
      readonly operation: string;
      readonly code: number | 'timeout' | 'connection';
      readonly milliseconds: number;
    }
  | {
      readonly kind: 'ldapConnection';
      readonly state: 'opened' | 'closed' | 'failed';
      readonly server: string;
      readonly reason?: string;
    }
  /** How things stand with one server of the directory; told when somebody asks. */
  | {
      readonly kind: 'connections';
      readonly server: string;
      readonly open: number;
      /** Operations that were sent and are not answered, and those that wait to be sent. */
      readonly inFlight: number;
      readonly queued: number;
    }
  /** Whether a cache had what it was asked for. */
  | { readonly kind: 'cache'; readonly cache: string; readonly hit: boolean }
  /** What a cache takes; told when somebody asks. */
  | { readonly kind: 'cacheSize'; readonly cache: string; readonly bytes: number }
  /** A limit on deletions stopped a client. */
  | {
      readonly kind: 'guardTripped';
      readonly requestId: string;
      readonly client: string;
      /** Whose limit it was. */
      readonly scope: 'credential' | 'tenant';
      readonly most: number;
      readonly seconds: number;
    }
  /** The operator lifted the limits on deletions. */
  | { readonly kind: 'guardLifted' }
  /** A change that was made could not be written to the audit. */
  | { readonly kind: 'auditFailed'; readonly error: unknown }
  | {
      readonly kind: 'change';
      readonly requestId: string;
      readonly client: string;
      readonly operation: 'create' | 'replace' | 'patch' | 'delete';
      readonly resourceType: string;
      readonly id: string | undefined;
      readonly status: number;
      /** Of the resource after the change, where the answer says it. */
      readonly version?: string;
      /** LDAP operations that were sent: DN, attribute names and numbers of values. */
      readonly ldap: readonly string[];
    };

/** `tenant` is the name of the tenant that it is about; absent where the configuration has none, or it is about all. */
export type Observe = (observation: Observation, tenant?: string) => void;

export function toBoth(first: Observe, second: Observe): Observe {
  return (observation, tenant) => {
    first(observation, tenant);
    second(observation, tenant);
  };
}
