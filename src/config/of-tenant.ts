import type { Problem } from '../util/problem.ts';

/** A text for the operator, with the tenant that it is about in front; without one where the file has no tenants. */
export function ofTenant(name: string, text: string): string {
  return name === '' ? text : `tenant ${name}: ${text}`;
}

/** Problems of files that several tenants may use: each says for which it is one. */
export function problemsOfTenant(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, message: ofTenant(name, problem.message) }));
}
