import type { Actor } from './directory-state.ts';
import type { PAUSE } from './search.ts';
import type { StoredEntry } from './stored-entry.ts';

/** A paged search between two of its pages. */
export interface PagedSearch {
  readonly cookie: Buffer;
  /** The rest of the matches; the next one has been looked up already, to know whether there is another page. */
  readonly rest: Iterator<StoredEntry | typeof PAUSE, unknown>;
  readonly next: StoredEntry;
}

/** What a connection remembers. */
export interface Session {
  actor: Actor;
  /** One at a time, as on OpenLDAP 2.5: a second one takes the place of the first. */
  paged: PagedSearch | undefined;
}
