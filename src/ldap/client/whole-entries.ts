// Entries of a search that came in part: the rest of each is read, one entry after the other, so that no more than a page
// of parts is held.
import type { LdapEntry } from '../entry.ts';
import { completeValues } from './value-ranges.ts';

export interface WholeEntries {
  take(part: LdapEntry): void;
  /** Resolves when all that was taken has been handed on; rejects with what went wrong in reading the rest. */
  settled(): Promise<void>;
}

/** `readMore` reads attributes of one entry; undefined where it is gone. */
export function createWholeEntries(
  push: (entry: LdapEntry) => void,
  readMore: (dn: string, attributes: readonly string[]) => Promise<LdapEntry | undefined>,
): WholeEntries {
  let work: Promise<void> = Promise.resolve();
  return {
    take(part) {
      work = work.then(async () => push(await completeValues(part, (attributes) => readMore(part.dn, attributes))));
      // Whoever runs the search meets the error in `settled`.
      work.catch(() => undefined);
    },
    settled: () => work,
  };
}
