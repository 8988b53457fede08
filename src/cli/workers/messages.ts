// What the first process and a worker say to one another.
import type { Problem } from '../../util/problem.ts';

export type FromWorker =
  /** It listens. */
  | { readonly kind: 'ready'; readonly url: string; readonly warnings: readonly Problem[] }
  /** It cannot start, and ends; the text is for the operator. */
  | { readonly kind: 'failed'; readonly reason: string };

/** To end as a gateway ends that runs alone. */
export interface ToWorker {
  readonly kind: 'stop';
  readonly reason: string;
}
