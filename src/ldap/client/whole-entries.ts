// Entries of a search that came in part: the rest of each is read, of a few at a time, so that no more than a page of
// parts waits.
import type { LdapEntry } from '../entry.ts';
import { completeValues, isCut } from './value-ranges.ts';

export interface WholeEntries {
  /** One that came whole is handed on at once. */
  take(part: LdapEntry): void;
  /** Resolves when all that was taken has been handed on; rejects with what went wrong in reading the rest. */
  settled(): Promise<void>;
}

/** Entries of which the rest is read at the same time. */
const LANES = 4;

/** `readMore` reads attributes of one entry; undefined where it is gone. */
export function createWholeEntries(
  push: (entry: LdapEntry) => void,
  readMore: (dn: string, attributes: readonly string[]) => Promise<LdapEntry | undefined>,
): WholeEntries {
  let lanes: readonly Promise<void>[] = Array.from({ length: LANES }, () => Promise.resolve());
  return {
    take(part) {
      if (!isCut(part)) {
        push(part);
        return;
      }
      const [lane = Promise.resolve(), ...others] = lanes;
      const complete = () => completeValues(part, (attributes) => readMore(part.dn, attributes));
      const work = lane.then(async () => push(await complete()));
      // Whoever runs the search meets the error in `settled`.
      work.catch(() => undefined);
      lanes = [...others, work];
    },
    settled: async () => void (await Promise.all(lanes)),
  };
}
