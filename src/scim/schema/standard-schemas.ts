// Registry of the schemas that need no definition in a mapping file.
import { coreGroup } from './core-group.ts';
import { coreUser } from './core-user.ts';
import { enterpriseUser } from './enterprise-user.ts';
import type { Schema } from './schema.ts';

/** By URN. */
export const standardSchemas: ReadonlyMap<string, Schema> = new Map(
  [coreUser, coreGroup, enterpriseUser].map((schema) => [schema.id, schema]),
);
