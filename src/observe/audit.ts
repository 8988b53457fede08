// The audit: a JSON line for every change that reached the directory, each with the hash of the one before it, so that a
// line that was taken out or altered shows. Every process writes a chain of its own; several may share a file. Values are in no
// line, as they are in no observation.
import { createHash, randomUUID } from 'node:crypto';
import type { Observe } from './observation.ts';

export interface Audit {
  readonly observe: Observe;
  /** Closes the chain: what a chain without an end may lack shows by that. */
  end(): void;
}

/** `write` puts a line where it stays, before it returns; `failed` hears of what it throws, and the change stands. */
export function createAudit(
  write: (line: string) => void,
  failed: (error: unknown) => void,
  now: () => Date = () => new Date(),
): Audit {
  const chain = randomUUID();
  let seq = 0;
  let previous = '';
  const append = (content: Readonly<Record<string, unknown>>): void => {
    const record = { chain, seq: seq + 1, time: now().toISOString(), ...content, previous };
    const hash = hashRecord(record);
    try {
      write(`${JSON.stringify({ ...record, hash })}\n`);
      seq += 1;
      previous = hash;
    } catch (error) {
      failed(error);
    }
  };
  return {
    observe(observation, tenant) {
      if (observation.kind !== 'change') return;
      append(tenant === undefined ? observation : { tenant, ...observation });
    },
    end() {
      if (seq > 0) append({ kind: 'end' });
    },
  };
}

/** SHA-256 of the record without its hash, as JSON with the members in their order. */
export function hashRecord(record: object): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}
