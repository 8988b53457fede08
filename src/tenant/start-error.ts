import type { Problem } from '../util/problem.ts';

/** The server, or one of its tenants, could not start; the text is for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** What is wrong in files, where that is the reason. */
  readonly problems: readonly Problem[];

  constructor(message: string, options: { readonly problems?: readonly Problem[]; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.problems = options.problems ?? [];
  }
}
