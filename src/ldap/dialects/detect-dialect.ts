// Which product answers: the first recipe that knows the root DSE, else what the root DSE promises.
import type { LdapEntry } from '../entry.ts';
import { activeDirectory } from './active-directory.ts';
import type { Dialect, DialectRecipe } from './dialect.ts';
import { ds389 } from './ds389.ts';
import { createGenericDialect } from './generic.ts';
import { openldap } from './openldap.ts';

/** One line per product. */
const RECIPES: readonly DialectRecipe[] = [activeDirectory, ds389, openldap];

/** `rootDse` with `*` and `+`, as `DirectoryPort.rootDse` reads it. */
export function detectDialect(rootDse: LdapEntry): Dialect {
  const advertised = createGenericDialect(rootDse);
  return RECIPES.find((recipe) => recipe.matches(rootDse))?.create(advertised, rootDse) ?? advertised;
}
