// What is fuzzed: a door through which text or octets of others come in.

/** Takes one input. Throws what no input may cause; what the code under test may refuse is caught within. */
export type FuzzRun = (input: Buffer) => void | Promise<void>;

export interface FuzzTarget {
  readonly name: string;
  /** How inputs are built, so that most of them get past the first check: see `mutate.ts`. */
  readonly shape: 'text' | 'lines' | 'json' | 'ber';
  /** Words that mean something to the code under test. */
  readonly dictionary: readonly string[];
  /** Share of the executions of a run over all targets; heavy ones get fewer. */
  readonly weight: number;
  /** Made once, before the first input. */
  prepare(): FuzzRun | Promise<FuzzRun>;
}
