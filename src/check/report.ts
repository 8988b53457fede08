// Where problems of a check go: each at the place of a key of the mapping file.
import type { MappingSource } from '../mapping/file/mapping-file.ts';
import type { Problem } from '../util/problem.ts';
import type { directoryProblems } from './problem-codes.ts';

export type ReportProblem = (
  kind: keyof typeof directoryProblems,
  severity: Problem['severity'],
  path: readonly string[],
  message: string,
  hint?: string,
) => void;

export function reportTo(
  problems: Problem[],
  { locate }: MappingSource,
  codes: typeof directoryProblems,
): ReportProblem {
  return (kind, severity, path, message, hint) => {
    const { code } = codes[kind];
    problems.push({
      code,
      severity,
      ...locate(path),
      path: path.join('.'),
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  };
}

/** As a person reads a list of names: a few, and how many more. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`;
}
