// Several servers of one directory in order of preference. In charge of which one is asked: the first that is not
// backed off, then the others; a preferred one is tried again as soon as its back-off has passed.
import { LdapConnectionError, LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';
import type { LdapConnection } from './connection.ts';
import type { ResolvedConfig, ServerTarget } from './directory-config.ts';
import { openConnection } from './open-connection.ts';
import { createPool, type Lease, type Pool } from './pool.ts';

export interface Servers {
  /** A connection of the server that is to be asked first, where one is open already. */
  take(): LdapConnection | undefined;
  /** A shared connection; `fresh` as in `Pool`. Rejects with the last server's error where none can be reached. */
  acquire(options?: { readonly fresh?: boolean }): Promise<LdapConnection>;
  /** A connection of one's own. */
  lease(): Promise<Lease>;
  /** Tells how things stand with each server. */
  tellState(): void;
  close(): Promise<void>;
}

interface Server {
  readonly url: string;
  readonly pool: Pool;
  /** Attempts to connect that failed one after the other. */
  failures: number;
  /** Time before which others are asked first. */
  retryAt: number;
  /** What the server said to our credentials: no other server would say otherwise, and asking again locks accounts. */
  refusal: LdapError | undefined;
}

const BACK_OFF_FIRST = 250;
const BACK_OFF_MOST = 30_000;

export function createServers(config: ResolvedConfig): Servers {
  const closing = new AbortController();
  const servers = config.servers.map((target) => createServer(target, config, closing.signal));

  async function ask<T>(use: (pool: Pool) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const server of inOrder(servers)) {
      if (server.refusal !== undefined && server.retryAt > Date.now()) throw server.refusal;
      try {
        return await use(server.pool);
      } catch (error) {
        if (server.retryAt <= Date.now() || server.refusal !== undefined) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  return {
    take() {
      const [server] = inOrder(servers);
      return server === undefined || server.refusal !== undefined ? undefined : server.pool.take();
    },
    acquire: (options) => ask((pool) => pool.acquire(options)),
    lease: () => ask((pool) => pool.lease(config.timeouts.operation)),
    tellState() {
      for (const { url, pool } of servers) config.observe?.({ kind: 'connections', server: url, ...pool.counts() });
    },
    async close() {
      closing.abort(new Error('the directory was closed'));
      await Promise.all(servers.map(({ pool }) => pool.close(config.timeouts.operation)));
    },
  };
}

function createServer(target: ServerTarget, config: ResolvedConfig, signal: AbortSignal): Server {
  const tell = (state: 'opened' | 'closed' | 'failed', reason?: string): void =>
    config.observe?.({
      kind: 'ldapConnection',
      state,
      server: target.url,
      ...(reason === undefined ? {} : { reason }),
    });

  async function open(): Promise<LdapConnection> {
    try {
      const connection = await openConnection(target, config, signal);
      server.failures = 0;
      server.retryAt = 0;
      server.refusal = undefined;
      tell('opened');
      connection.onClose((reason) => tell('closed', reason));
      return connection;
    } catch (error) {
      server.failures += 1;
      server.retryAt = Date.now() + backOff(server.failures);
      server.refusal = error instanceof LdapError && !isElsewhereBetter(error) ? error : undefined;
      tell('failed', error instanceof Error ? error.message : String(error));
      if (!(error instanceof LdapError) || server.refusal !== undefined) throw error;
      throw new LdapConnectionError(error.message, { mayBeApplied: false, cause: error });
    }
  }

  const pool = createPool(open, config.pool);
  const server: Server = { url: target.url, pool, failures: 0, retryAt: 0, refusal: undefined };
  return server;
}

function inOrder(servers: readonly Server[]): readonly Server[] {
  if (servers.every(({ retryAt }) => retryAt === 0)) return servers;
  const now = Date.now();
  // The sort is stable: among servers that may be tried the order of preference stays.
  return servers.toSorted((a, b) => Math.max(a.retryAt - now, 0) - Math.max(b.retryAt - now, 0));
}

function isElsewhereBetter(error: LdapError): boolean {
  return error.code === resultCode.busy || error.code === resultCode.unavailable;
}

/** Milliseconds, doubled with every failure; random, so that replicas do not come back together. */
function backOff(failures: number): number {
  const most = Math.min(BACK_OFF_FIRST * 2 ** (failures - 1), BACK_OFF_MOST);
  return Math.ceil(most * (0.5 + Math.random() / 2));
}
