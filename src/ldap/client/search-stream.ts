// The stream of entries that a search hands to its caller: filled from one side as answers arrive, read from the other.
// In charge of the order of things (entries, then the result or the error) and of telling the filler when the reader
// wants more or has gone. It knows nothing of connections.
import type { LdapEntry } from '../entry.ts';
import type { SearchResult } from '../operations.ts';
import type { SearchStream } from '../port.ts';

export interface SearchSink {
  push(entry: LdapEntry): void;
  /** Resolves when the reader has taken every entry and asks for another: then the next page is worth fetching. */
  wanted(): Promise<void>;
  /**
   * True once the reader has left early. A method: V8 gives every object that is made with a getter a hidden class of
   * its own, which kept each search's entries in memory until the next full collection.
   */
  cancelled(): boolean;
  /** The one to tell when the reader leaves early; a later call replaces the listener. */
  onCancel(listener: (reason: Error) => void): void;
}

/** Starts `fill` at once. Its result or error reaches the reader after the entries pushed before. */
export function createSearchStream(fill: (sink: SearchSink) => Promise<SearchResult>): SearchStream {
  let entries: LdapEntry[] = [];
  let taken = 0;
  let collecting = false;
  let cancelled: Error | undefined;
  let ended = false;
  let onCancel: ((reason: Error) => void) | undefined;
  let wakeReader: (() => void) | undefined;
  let wakeFiller: (() => void) | undefined;

  const wake = (): void => {
    wakeReader?.();
    wakeReader = undefined;
  };
  const letFill = (): void => {
    wakeFiller?.();
    wakeFiller = undefined;
  };
  const sink: SearchSink = {
    push(entry) {
      if (cancelled !== undefined) return;
      entries.push(entry);
      wake();
    },
    wanted() {
      if (collecting || cancelled !== undefined || wakeReader !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        wakeFiller = resolve;
      });
    },
    cancelled: () => cancelled !== undefined,
    onCancel(listener) {
      onCancel = listener;
      if (cancelled !== undefined) listener(cancelled);
    },
  };

  const end = (): void => {
    ended = true;
    wake();
  };
  const filling = fill(sink);
  const result = filling.then(
    (value) => {
      end();
      if (cancelled !== undefined) throw cancelled;
      return value;
    },
    (error: unknown) => {
      end();
      throw cancelled ?? error;
    },
  );
  // Whoever iterates meets the error there and may never look at `result`.
  result.catch(() => undefined);

  async function next(): Promise<IteratorResult<LdapEntry, undefined>> {
    for (;;) {
      const entry = entries[taken];
      if (entry !== undefined) {
        taken += 1;
        if (taken === entries.length) {
          entries = [];
          taken = 0;
        }
        return { done: false, value: entry };
      }
      if (cancelled !== undefined) return { done: true, value: undefined };
      if (ended) {
        await result;
        return { done: true, value: undefined };
      }
      const woken = new Promise<void>((resolve) => {
        wakeReader = resolve;
      });
      letFill();
      await woken;
    }
  }

  async function leave(): Promise<IteratorResult<LdapEntry, undefined>> {
    if (!ended && cancelled === undefined) {
      cancelled = new DOMException('the reader of the search stopped early', 'AbortError');
      onCancel?.(cancelled);
      letFill();
      wake();
    }
    entries = [];
    taken = 0;
    return { done: true, value: undefined };
  }

  return {
    result,
    async collect() {
      collecting = true;
      letFill();
      const searchResult = await result;
      return { entries, result: searchResult };
    },
    [Symbol.asyncIterator]: () => ({ next, return: leave }),
  };
}
