// Slows down who guesses: after some failures an address, or whoever claims to be the same caller, has to wait before
// the next attempt is even looked at, twice as long each time. Per process, and forgotten after a while: a hindrance
// for guessing, no lock of an account.
import { hash, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';

export interface BackOffSettings {
  /** Failures that cost nothing. */
  readonly failures: number;
  /** The longest wait. */
  readonly maxSeconds: number;
  /** Failures are forgotten after so long without another one. */
  readonly forgetSeconds: number;
}

export const defaultBackOff: BackOffSettings = { failures: 10, maxSeconds: 60, forgetSeconds: 600 };

export interface AttemptKey {
  readonly address: string;
  /** Whom the credentials claim to be. */
  readonly claimant: string | undefined;
  /** The Authorization header. */
  readonly authorization: string;
}

export interface BackOff {
  /** Seconds to wait, 0 for none. Who has proven these very credentials from this address before never waits. */
  wait(key: AttemptKey): number;
  failed(key: AttemptKey): void;
  succeeded(key: AttemptKey): void;
}

interface Failures {
  count: number;
  /** Milliseconds since the epoch. */
  until: number;
}

/** Addresses and claimants come from anyone, so their number is bounded; the longest unused are forgotten first. */
const mostKeys = 10_000;

export function createBackOff(settings: BackOffSettings, now: () => number = Date.now): BackOff {
  const perf = { now };
  const ttl = settings.forgetSeconds * 1000;
  const failures = new LRUCache<string, Failures>({ max: mostKeys, ttl, perf, ttlResolution: 0 });
  const proven = new LRUCache<string, true>({ max: mostKeys, ttl: 3_600_000, perf });
  const salt = randomBytes(16).toString('latin1');

  const provenKey = ({ address, authorization }: AttemptKey): string =>
    hash('sha256', `${salt}${address}\n${authorization}`, 'base64');

  const keysOf = ({ address, claimant }: AttemptKey): readonly string[] => {
    const from = `address ${network(address)}`;
    return claimant === undefined ? [from] : [from, `claimant ${hash('sha256', claimant, 'base64')}`];
  };

  return {
    wait(key) {
      if (failures.size === 0) return 0;
      const until = Math.max(...keysOf(key).map((each) => failures.get(each)?.until ?? 0));
      const milliseconds = until - now();
      if (milliseconds <= 0 || proven.has(provenKey(key))) return 0;
      return Math.ceil(milliseconds / 1000);
    },
    failed(key) {
      for (const each of keysOf(key)) {
        const count = (failures.get(each)?.count ?? 0) + 1;
        const beyond = count - settings.failures;
        const seconds = beyond < 0 ? 0 : Math.min(2 ** Math.min(beyond, 30), settings.maxSeconds);
        failures.set(each, { count, until: now() + seconds * 1000 });
      }
    },
    succeeded(key) {
      proven.set(provenKey(key), true);
    },
  };
}

/** The network that one subscriber has: a /64 of IPv6 holds more addresses than could be counted. */
function network(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain) || plain.includes('.')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? 0 : tail.split(':').length;
  const zeros = tail === undefined ? 0 : 8 - groups.length - after;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...(tail === undefined ? [] : tail.split(':'))];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
