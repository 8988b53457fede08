// Problems for people, for programs, and for the annotations of GitHub Actions.
import { type Problem, printProblem } from '../util/problem.ts';

export const formats = ['pretty', 'json', 'github'] as const;
export type ProblemFormat = (typeof formats)[number];

export function printProblems(
  problems: readonly Problem[],
  remarks: readonly string[],
  format: ProblemFormat,
): string[] {
  switch (format) {
    case 'pretty':
      return [...problems.map(printProblem), ...remarks];
    case 'json':
      return [JSON.stringify({ problems, remarks }, null, 2)];
    case 'github':
      return [...problems.map(toAnnotation), ...remarks.map((remark) => `::notice::${escapeText(remark)}`)];
  }
}

function toAnnotation({ severity, file, line, column, code, path, message, hint }: Problem): string {
  const place = { file, line, col: column, title: code };
  const properties = Object.entries(place).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const text = `${path === '' ? '' : `${path}: `}${message}${hint === undefined ? '' : ` (${hint})`}`;
  return `::${severity} ${properties.join(',')}::${escapeText(text)}`;
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
