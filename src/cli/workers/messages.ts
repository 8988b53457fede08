// What the first process and a worker say to one another.
import type { Readiness } from '../../http/admin.ts';
import type { MetricsReading } from '../../observe/metrics.ts';
import type { Problem } from '../../util/problem.ts';

export type FromWorker =
  /** It listens. */
  | { readonly kind: 'ready'; readonly url: string; readonly warnings: readonly Problem[] }
  /** It cannot start, and ends; the text is for the operator. */
  | { readonly kind: 'failed'; readonly reason: string }
  | ({ readonly kind: 'answer'; readonly question: number } & WorkerAnswer);

export interface WorkerAnswer {
  readonly readiness: Readiness;
  readonly metrics: MetricsReading;
}

export type ToWorker =
  /** To end as a gateway ends that runs alone. */
  | { readonly kind: 'stop'; readonly reason: string }
  /** How it is; the answer has the same number. */
  | { readonly kind: 'ask'; readonly question: number }
  /** Limits of the guards. */
  | { readonly kind: 'liftGuards' };
