// The connections to one server. In charge of how many there are, of who gets which, and of giving up those that are
// idle, old, silent or closed. Ordinary connections are shared by many operations; paged searches get one to themselves. It
// never looks at an operation and never chooses a server.
import { LdapConnectionError, LdapTimeoutError } from '../errors.ts';
import type { LdapConnection } from './connection.ts';
import type { PoolSettings } from './directory-config.ts';

/** Exclusive use of a connection until `release`. */
export interface Lease {
  readonly connection: LdapConnection;
  release(): void;
}

export interface PoolCounts {
  /** Connections. */
  readonly open: number;
  /** Operations that were sent and are not answered, and those that wait to be sent or for a connection of their own. */
  readonly inFlight: number;
  readonly queued: number;
}

export interface Pool {
  /** A shared connection that is open already, without waiting; undefined where `acquire` has to open one. */
  take(): LdapConnection | undefined;
  /**
   * A shared connection. `fresh` asks for one that is opened from now on, because another has just failed; those that
   * are open then get no further operations.
   */
  acquire(options?: { readonly fresh?: boolean }): Promise<LdapConnection>;
  /** Waits at most `timeout` ms for a connection of its own, then rejects with `LdapTimeoutError`. */
  lease(timeout: number): Promise<Lease>;
  counts(): PoolCounts;
  /** Opens nothing any more and closes every connection, each when its operations have ended, at last after `grace` ms. */
  close(grace: number): Promise<void>;
}

interface Member {
  readonly connection: LdapConnection;
  readonly since: number;
  lastUse: number;
}

interface Waiter {
  readonly resolve: (lease: Lease) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Operations that a connection gets before the next one does: those of one turn of the event loop share a write and
 * often the answers share a read, and system calls are what a search costs most.
 */
const FILL = 16;

/** `open` makes one connection that is ready for work. */
export function createPool(open: () => Promise<LdapConnection>, settings: PoolSettings): Pool {
  const full = Math.min(FILL, settings.maxInFlight);
  let shared: Member[] = [];
  let free: Member[] = [];
  const waiters = new Set<Waiter>();
  const all = new Set<LdapConnection>();
  let leases = 0;
  let opening: Promise<LdapConnection> | undefined;
  let closed = false;
  const sweeper = setInterval(sweep, Math.max(10, Math.min(settings.idle / 4, 30_000)));
  sweeper.unref();

  async function openMember(): Promise<Member> {
    const connection = await open();
    if (closed) {
      connection.unbind();
      throw closedError();
    }
    const member = { connection, since: Date.now(), lastUse: Date.now() };
    all.add(connection);
    connection.onClose(() => {
      all.delete(connection);
      shared = shared.filter((other) => other !== member);
      free = free.filter((other) => other !== member);
    });
    return member;
  }

  /** One opening at a time serves everybody who waits for a shared connection. */
  function openShared(): Promise<LdapConnection> {
    opening ??= openMember()
      .then((member) => {
        if (!member.connection.closed) shared.push(member);
        return member.connection;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  }

  function choose(): Member | undefined {
    let best: Member | undefined;
    for (const member of shared) {
      if (member.connection.load < full) return member;
      if (best === undefined || member.connection.load < best.connection.load) best = member;
    }
    return best;
  }

  function take(): LdapConnection | undefined {
    if (closed) throw closedError();
    const now = Date.now();
    if (shared.some((member) => isWorn(member, now))) retire(shared.filter((member) => isWorn(member, now)));
    const best = choose();
    if (best === undefined) return undefined;
    best.lastUse = now;
    if (best.connection.load >= full && shared.length < settings.size && opening === undefined) {
      // Helps the next operation; whoever waits for one only knows that there is a connection already.
      openShared().catch(() => undefined);
    }
    return best.connection;
  }

  function isWorn({ connection, since }: Member, now: number): boolean {
    return connection.suspect || (settings.maxAge > 0 && now - since > settings.maxAge);
  }

  function retire(members: readonly Member[]): void {
    if (members.length === 0) return;
    shared = shared.filter((member) => !members.includes(member));
    free = free.filter((member) => !members.includes(member));
    for (const { connection } of members) void unbindWhenIdle(connection);
  }

  function sweep(): void {
    const now = Date.now();
    const over = (member: Member): boolean => {
      if (member.connection.load > 0) member.lastUse = now;
      return now - member.lastUse > settings.idle || isWorn(member, now);
    };
    retire([...shared, ...free].filter(over));
  }

  function lend(member: Member): Lease {
    let released = false;
    return {
      connection: member.connection,
      release() {
        if (released) return;
        released = true;
        leases -= 1;
        member.lastUse = Date.now();
        if (closed) void unbindWhenIdle(member.connection);
        else if (!member.connection.closed) free.push(member);
        serveWaiter();
      },
    };
  }

  function serveWaiter(): void {
    const [waiter] = waiters;
    if (waiter === undefined || leases >= settings.pagedSize) return;
    waiters.delete(waiter);
    takeLease().then(waiter.resolve, waiter.reject);
  }

  async function takeLease(): Promise<Lease> {
    leases += 1;
    try {
      const now = Date.now();
      retire(free.filter((member) => isWorn(member, now)));
      return lend(free.pop() ?? (await openMember()));
    } catch (error) {
      leases -= 1;
      serveWaiter();
      throw error;
    }
  }

  return {
    take,
    async acquire(options) {
      if (options?.fresh !== true) return take() ?? openShared();
      if (closed) throw closedError();
      retire([...shared, ...free]);
      return openShared();
    },
    async lease(timeout) {
      if (closed) throw closedError();
      if (leases < settings.pagedSize) return takeLease();
      const { promise, resolve, reject } = Promise.withResolvers<Lease>();
      const waiter = { resolve, reject };
      waiters.add(waiter);
      const timer = setTimeout(() => {
        if (!waiters.delete(waiter)) return;
        const text = `no connection for a paged search was free within ${timeout} ms`;
        reject(new LdapTimeoutError(text, { mayBeApplied: false }));
      }, timeout);
      return promise.finally(() => clearTimeout(timer));
    },
    counts() {
      let [load, queued] = [0, 0];
      for (const connection of all) {
        load += connection.load;
        queued += connection.queued;
      }
      return { open: all.size, inFlight: load - queued, queued: queued + waiters.size };
    },
    async close(grace) {
      closed = true;
      clearInterval(sweeper);
      for (const waiter of waiters) waiter.reject(closedError());
      waiters.clear();
      const timer = setTimeout(() => {
        for (const connection of all) connection.destroy('the directory was closed');
      }, grace);
      retire([...shared, ...free]);
      await opening?.catch(() => undefined);
      await Promise.all([...all].map((connection) => new Promise<void>((done) => connection.onClose(() => done()))));
      clearTimeout(timer);
    },
  };
}

function closedError(): LdapConnectionError {
  return new LdapConnectionError('the directory was closed', { mayBeApplied: false });
}

/** Unbinds as soon as no operation is left. */
async function unbindWhenIdle(connection: LdapConnection): Promise<void> {
  await connection.idle();
  connection.unbind();
}
