// Something wrong in a file that an operator wrote. Problems are collected, never thrown one by one, so that a person
// mends a file once.

export interface Problem {
  /** Stable: `MAP0xx` mapping file, `CFG0xx` gateway file, `DIR0xx` live directory. Listed in docs/errors.md. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Path of the file as the user named it. */
  readonly file: string;
  /** 1-based; absent where the problem has no place in a file. */
  readonly line?: number;
  readonly column?: number;
  /** Keys from the root of the file: `resourceTypes.User.attributes.userName`. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** `file:line:column CODE path: message (hint)`, the form that editors and CI recognise. */
export function printProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  return `${place} ${problem.severity} ${problem.code} ${path}${problem.message}${hint}`;
}
