// Counters that replicas share, in a Valkey or Redis server. Each is a sorted set of what was counted by the time of that
// server, so that the clocks of replicas do not matter; looking and counting is one script, so that none is counted twice.
import { randomUUID } from 'node:crypto';
import type { Budget, Counters } from './counters.ts';

const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  local most, span = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
  if redis.call('ZCARD', key) >= most then
    local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    return { i, oldest[2] + span - now }
  end
end
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[1])
  redis.call('PEXPIRE', key, ARGV[2 * i + 1])
end
return { 0, 0 }
`;

/** In one hash slot, as a cluster runs a script on one node only. */
const PREFIX = '{scim-ldap}:';
/** Nobody waits longer for a server that does not answer. */
const MILLISECONDS = 2000;

/** `url` is `redis://` or `rediss://`, with user and password where they are needed. Connects when first used. */
export async function createValkeyCounters(url: string): Promise<Counters> {
  // Loaded here only: it takes a tenth of a second, and most gateways never need it.
  const { createClient } = await import('@redis/client');
  const open = () =>
    createClient({
      url,
      // A command that cannot be sent is refused at once instead of waiting for better times.
      disableOfflineQueue: true,
      socket: { connectTimeout: MILLISECONDS, reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 5000) },
    });
  const client = open();
  // What fails is told by the commands; without a listener the process would end.
  client.on('error', () => undefined);
  const connecting = client.connect().catch(() => undefined);
  let known = false;

  async function send(...words: readonly string[]): Promise<unknown> {
    if (!known) {
      await within(connecting);
      known = true;
    }
    return await within(client.sendCommand([...words]));
  }

  return {
    async take(budgets) {
      if (budgets.length === 0) return { granted: true, giveBack: () => Promise.resolve() };
      const token = randomUUID();
      const keys = budgets.map(({ name }) => PREFIX + name);
      const limits = budgets.flatMap(({ most, seconds }) => [String(most), String(Math.round(seconds * 1000))]);
      const answer = await send('EVAL', TAKE, String(keys.length), ...keys, token, ...limits);
      const [place, milliseconds] = Array.isArray(answer) ? answer.map(Number) : [];
      if (place === undefined || milliseconds === undefined)
        throw new Error('The counters answered what was not asked');
      const budget: Budget | undefined = budgets[place - 1];
      if (budget !== undefined) {
        return { granted: false, budget, retrySeconds: Math.max(1, Math.ceil(milliseconds / 1000)) };
      }
      return {
        granted: true,
        async giveBack() {
          await Promise.all(keys.map((key) => send('ZREM', key, token).catch(() => undefined)));
        },
      };
    },
    async lift(names) {
      if (names.length > 0) await send('DEL', ...names.map((name) => PREFIX + name));
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The counters do not answer')), MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
