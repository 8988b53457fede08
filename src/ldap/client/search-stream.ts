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
  return new EntryStream(fill);
}

/** Both sides of the stream. A class, as every search makes one: a dozen closures for each were 4 % of a GET's CPU time. */
class EntryStream implements SearchStream, SearchSink {
  readonly result: Promise<SearchResult>;
  #entries: LdapEntry[] = [];
  #taken = 0;
  #collecting = false;
  #take: ((entry: LdapEntry) => void) | undefined;
  #cancelled: Error | undefined;
  #ended = false;
  #onCancel: ((reason: Error) => void) | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeFiller: (() => void) | undefined;

  constructor(fill: (sink: SearchSink) => Promise<SearchResult>) {
    this.result = this.#run(fill);
    // Whoever iterates meets the error there and may never look at `result`.
    this.result.catch(ignore);
  }

  async #run(fill: (sink: SearchSink) => Promise<SearchResult>): Promise<SearchResult> {
    try {
      const result = await fill(this);
      if (this.#cancelled === undefined) return result;
    } catch (error) {
      throw this.#cancelled ?? error;
    } finally {
      this.#ended = true;
      this.#wake();
    }
    throw this.#cancelled;
  }

  #wake(): void {
    this.#wakeReader?.();
    this.#wakeReader = undefined;
  }

  #letFill(): void {
    this.#wakeFiller?.();
    this.#wakeFiller = undefined;
  }

  push(entry: LdapEntry): void {
    if (this.#cancelled !== undefined) return;
    if (this.#take !== undefined) {
      this.#show(entry, this.#take);
      return;
    }
    this.#entries.push(entry);
    this.#wake();
  }

  #show(entry: LdapEntry, take: (entry: LdapEntry) => void): void {
    try {
      take(entry);
    } catch (error) {
      this.#cancel(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #cancel(reason: Error): void {
    this.#cancelled = reason;
    this.#onCancel?.(reason);
    this.#letFill();
    this.#wake();
  }

  wanted(): Promise<void> {
    const asked = this.#collecting || this.#cancelled !== undefined || this.#wakeReader !== undefined;
    if (asked) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wakeFiller = resolve;
    });
  }

  cancelled(): boolean {
    return this.#cancelled !== undefined;
  }

  onCancel(listener: (reason: Error) => void): void {
    this.#onCancel = listener;
    if (this.#cancelled !== undefined) listener(this.#cancelled);
  }

  visit(take: (entry: LdapEntry) => void): Promise<SearchResult> {
    this.#take = take;
    this.#collecting = true;
    for (const entry of this.#entries.splice(0)) this.push(entry);
    this.#letFill();
    return this.result;
  }

  async collect(): Promise<{ readonly entries: readonly LdapEntry[]; readonly result: SearchResult }> {
    this.#collecting = true;
    this.#letFill();
    const result = await this.result;
    return { entries: this.#entries, result };
  }

  [Symbol.asyncIterator](): AsyncIterator<LdapEntry, undefined> {
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  async #next(): Promise<IteratorResult<LdapEntry, undefined>> {
    for (;;) {
      const entry = this.#entries[this.#taken];
      if (entry !== undefined) {
        this.#taken += 1;
        if (this.#taken === this.#entries.length) this.#clear();
        return { done: false, value: entry };
      }
      if (this.#cancelled !== undefined) return { done: true, value: undefined };
      if (this.#ended) {
        await this.result;
        return { done: true, value: undefined };
      }
      const woken = new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
      this.#letFill();
      await woken;
    }
  }

  async #leave(): Promise<IteratorResult<LdapEntry, undefined>> {
    if (!this.#ended && this.#cancelled === undefined) {
      this.#cancel(new DOMException('the reader of the search stopped early', 'AbortError'));
    }
    this.#clear();
    return { done: true, value: undefined };
  }

  #clear(): void {
    this.#entries = [];
    this.#taken = 0;
  }
}

function ignore(): void {}
