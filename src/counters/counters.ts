// Counts what may be done only so often in a time: within one process, or together with other replicas. Knows nothing of
// what it counts.

export interface Budget {
  /** Of one counter; who gives the same name counts together. */
  readonly name: string;
  /** How often within `seconds`; at least 1. */
  readonly most: number;
  readonly seconds: number;
}

export type Taken =
  | {
      readonly granted: true;
      /** It was not done after all. Never rejects. */
      giveBack(): Promise<void>;
    }
  | {
      readonly granted: false;
      /** The one that is used up. */
      readonly budget: Budget;
      /** Until one more fits into it. */
      readonly retrySeconds: number;
    };

export interface Counters {
  /** Counts one more by all of the budgets, or by none where one is used up. Rejects where nobody can count now. */
  take(budgets: readonly Budget[]): Promise<Taken>;
  /** Forgets what was counted by these names. */
  lift(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
