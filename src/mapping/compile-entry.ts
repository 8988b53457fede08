// The `entry` block: where entries of a resource type live, how they are recognised, and what new ones get.
import { isWithin, parseDn } from '../ldap/dn.ts';
import { LdapSyntaxError } from '../ldap/errors.ts';
import type { LdapFilter } from '../ldap/filter.ts';
import { parseLdapFilter } from '../ldap/parse-filter.ts';
import type { ResourceType } from '../scim/schema/schema.ts';
import { didYouMean } from '../util/did-you-mean.ts';
import type { CompileScope } from './compile-scope.ts';
import { compileTemplateAt } from './compile-template.ts';
import { directoryName } from './directory-name.ts';
import type { EntryDefinition } from './file/mapping-file.ts';
import type { EntryDefault, EntryRules } from './mapping.ts';

/** Reports what is wrong with the block; undefined where it is of no use. */
export function compileEntry(
  definition: EntryDefinition,
  type: ResourceType,
  scope: CompileScope,
): EntryRules | undefined {
  const path = ['resourceTypes', type.name, 'entry'];
  const bases = typeof definition.base === 'string' ? [definition.base] : definition.base;
  let sound = true;
  const check = (key: readonly string[], parse: () => unknown): void => {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof LdapSyntaxError)) throw error;
      sound = false;
      scope.report('MAP106', [...path, ...key], error.message);
    }
  };
  for (const base of bases) check(['base'], () => parseDn(base));
  const exclude = [definition.exclude ?? []].flat();
  const reach = { bases, scope: definition.scope ?? 'subtree' } as const;
  for (const [index, top] of exclude.entries()) {
    const key = typeof definition.exclude === 'string' ? ['exclude'] : ['exclude', String(index)];
    check(key, () => parseDn(top));
    if (sound && !isPartOf(top, reach, [...path, ...key], scope)) sound = false;
  }
  let filter: LdapFilter | undefined;
  check(['filter'], () => {
    filter = parseLdapFilter(definition.filter);
  });
  for (const key of ['objectClasses', 'auxiliaryClasses'] as const) {
    for (const [index, name] of (definition[key] ?? []).entries()) {
      if (!scope.options.live || scope.options.subschema.objectClass(name) !== undefined) continue;
      scope.report(
        'MAP115',
        [...path, key, String(index)],
        `the directory's schema has no object class ${name}`,
        didYouMean(
          name,
          scope.options.subschema.objectClasses.flatMap(({ names }) => names),
        ) ?? 'load its schema, or take the class out',
      );
    }
  }
  if (!sound || filter === undefined) return undefined;
  return {
    ...reach,
    exclude,
    filter,
    objectClasses: definition.objectClasses,
    auxiliary: auxiliaryAttributes(definition, scope),
    rdn: directoryName(definition.rdn, scope.options.subschema),
    defaults: entryDefaults(definition, type, scope),
  };
}

/** Reports a subtree that leaves out nothing, or everything: either is a slip. */
function isPartOf(
  top: string,
  { bases, scope }: Pick<EntryRules, 'bases' | 'scope'>,
  path: readonly string[],
  { report }: CompileScope,
): boolean {
  const whole = bases.find((base) => isWithin(base, top, 'subtree'));
  if (whole !== undefined) {
    report(
      'MAP122',
      path,
      `nothing of the base ${whole} is left without ${top}`,
      'take the base out, or the exclusion',
    );
    return false;
  }
  if (bases.some((base) => isWithin(top, base, scope))) return true;
  report('MAP122', path, `${top} is below no base, so nothing of it is found anyway`, 'take it out, or correct it');
  return false;
}

function auxiliaryAttributes(definition: EntryDefinition, scope: CompileScope): ReadonlyMap<string, string> {
  const { subschema } = scope.options;
  const own = subschema.allowed(definition.objectClasses);
  const found = new Map<string, string>();
  for (const name of definition.auxiliaryClasses ?? []) {
    const { must, may } = subschema.allowed([name]);
    for (const attribute of [...must, ...may]) {
      if (!own.must.has(attribute) && !own.may.has(attribute) && !found.has(attribute)) found.set(attribute, name);
    }
  }
  return found;
}

function entryDefaults(definition: EntryDefinition, type: ResourceType, scope: CompileScope): EntryDefault[] {
  const following = new Set((definition.follow ?? []).map((name) => name.toLowerCase()));
  return Object.entries(definition.defaults ?? {}).flatMap(([name, value]): EntryDefault[] => {
    const attribute = directoryName(name, scope.options.subschema);
    if (typeof value === 'object' && 'counter' in value) return [{ attribute, counter: value.counter }];
    const texts = typeof value === 'string' ? [value] : value;
    const path = ['resourceTypes', type.name, 'entry', 'defaults', name];
    const templates = texts.flatMap((text) => compileTemplateAt(text, path, type, scope) ?? []);
    return [{ attribute, templates, follows: following.has(name.toLowerCase()) }];
  });
}
