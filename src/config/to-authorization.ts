import { type Authorize, compileAuthorization, type PlacedAuthorization } from '../auth/authorization.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Problem } from '../util/problem.ts';
import type { FileReader } from './file-reader.ts';
import type { CredentialBlock } from './gateway-file.ts';
import { gatewayProblems } from './problem-codes.ts';

/** Undefined where the credential may do everything. */
export function toAuthorization(
  at: readonly string[],
  { permissions, roles }: CredentialBlock,
  reader: FileReader,
): PlacedAuthorization | undefined {
  if (permissions === undefined && roles === undefined) return undefined;
  return {
    ...(permissions === undefined ? {} : { permissions }),
    ...(roles === undefined ? {} : { roles }),
    locate: (path) => reader.locate([...at, ...path]),
  };
}

/** What the permissions come to by a mapping; problems are put down in `problems`. */
export function toAuthorize(
  compiled: CompiledMapping,
  authorization: PlacedAuthorization | undefined,
  problems: Problem[],
): Authorize {
  if (authorization === undefined) return () => undefined;
  const { code } = gatewayProblems.unfitPermission;
  return compileAuthorization(compiled, authorization, (path, message, hint) => {
    const place = authorization.locate(path);
    problems.push({ code, severity: 'error', ...place, message, ...(hint === undefined ? {} : { hint }) });
  });
}
