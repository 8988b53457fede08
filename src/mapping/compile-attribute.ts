// All keys of one SCIM attribute -> its mapper. Which kind it is follows from what the keys say; each kind is a file in
// `mappers/`.
import { type AttributeRef, attributeKey, type ResourceType } from '../scim/schema/schema.ts';
import { compileComplex } from './compile-complex.ts';
import { compileLeaf, findLdapType } from './compile-leaf.ts';
import type { CompileScope, MappedKey } from './compile-scope.ts';
import { compileTemplateAt } from './compile-template.ts';
import { directoryName } from './directory-name.ts';
import type { BacklinkDefinition } from './file/mapping-file.ts';
import type { AttributeMapper } from './mapper.ts';
import { backlinkMapper } from './mappers/backlink.ts';
import { type PasswordRule, passwordMapper } from './mappers/password.ts';
import { referenceMapper } from './mappers/reference.ts';
import { constantMapper, simpleMapper, templateMapper } from './mappers/simple.ts';
import type { BacklinkSource } from './references.ts';
import { transformFactories } from './transforms/registry.ts';

/** Reports what cannot be mapped; undefined where nothing is left. */
export function compileAttribute(
  ref: AttributeRef,
  keys: readonly MappedKey[],
  type: ResourceType,
  scope: CompileScope,
): AttributeMapper | undefined {
  const [first] = keys;
  if (first === undefined) return undefined;
  const whole = keys.find((key) => key.target.subAttribute === undefined && key.target.filter === undefined);
  const special = keys.find(({ mapping }) => mapping.backlink !== undefined || mapping.reference !== undefined);
  if (special !== undefined && keys.length > 1) {
    scope.report(
      'MAP108',
      special.path,
      `${attributeKey(ref)} is a reference and has other keys too`,
      'keep one of them',
    );
  }
  if (special?.mapping.backlink !== undefined) return compileBacklink(ref, special, scope);
  if (special !== undefined) return compileReference(ref, special, scope);
  if (first.mapping.write !== undefined) return compilePassword(ref, first, first.mapping.write, scope);
  if (ref.attribute.type === 'complex') return compileComplex(ref, keys, type, scope);
  if (whole === undefined) return undefined;
  const { constant, template, default: defaultText, follow: follows = false } = whole.mapping;
  if (constant !== undefined) return constantMapper(ref, constant);
  if (template !== undefined) {
    const compiled = compileTemplateAt(template, [...whole.path, 'template'], type, scope);
    return compiled === undefined ? undefined : templateMapper(ref, compiled);
  }
  const leaf = compileLeaf(ref.attribute, whole, scope);
  const fallback =
    defaultText === undefined ? undefined : compileTemplateAt(defaultText, [...whole.path, 'default'], type, scope);
  return simpleMapper(ref, leaf, fallback && { template: fallback, follows });
}

function compilePassword(
  ref: AttributeRef,
  key: MappedKey,
  write: PasswordRule['write'],
  scope: CompileScope,
): AttributeMapper {
  const { attribute = '', with: along = {}, generate = false } = key.mapping;
  const { subschema, plaintext } = scope.options;
  if (attribute !== '') findLdapType(attribute, key, scope);
  for (const name of Object.keys(along)) findLdapType(name, key, scope, ['with', name]);
  if (write === 'quotedUtf16' && plaintext === true) {
    scope.report(
      'MAP117',
      [...key.path, 'write'],
      'the directory takes such a password over TLS alone, and the connection to it has none',
      'use ldaps:// or tls.startTls in the gateway file, or take the password out of the mapping',
    );
  }
  const written = Object.entries(along).map(
    ([name, values]) => [directoryName(name, subschema), [values].flat()] as const,
  );
  const rule = { write, attribute: directoryName(attribute, subschema), along: new Map(written), generate };
  return passwordMapper(ref, rule);
}

function compileBacklink(ref: AttributeRef, key: MappedKey, scope: CompileScope): AttributeMapper | undefined {
  const { subschema, matchEntryDn, backLinks } = scope.options;
  const sources = [key.mapping.backlink ?? []].flat().flatMap((text): BacklinkSource[] => {
    if (typeof text === 'object') return [compileNamed(text, key, scope)];
    const [type = '', attribute = ''] = text.split('.');
    const definition = scope.loaded.file.resourceTypes[type]?.attributes[attribute];
    // `load-mapping` has seen to it that the other side is a reference.
    if (typeof definition !== 'object' || definition.attribute === undefined) return [];
    const targets = [definition.reference ?? []].flat();
    const source = { type, attribute: directoryName(definition.attribute, subschema), targets };
    if (definition.by !== undefined) return [{ ...source, by: directoryName(definition.by, subschema) }];
    const kept = backLinks?.get(source.attribute.toLowerCase());
    if (kept !== undefined) return [{ ...source, kept }];
    return [matchEntryDn ? { ...source, dnAttribute: 'entryDN' } : source];
  });
  return sources.length === 0 ? undefined : backlinkMapper(ref, { sources, nested: key.mapping.nested ?? false });
}

/** Resources that this one names by a value of its own, such as the primary group. */
function compileNamed(
  { type, attribute, by, transform, options }: BacklinkDefinition,
  key: MappedKey,
  scope: CompileScope,
): BacklinkSource {
  const { subschema } = scope.options;
  const [holding, held] = [attribute, by].map((name) => findLdapType(name, key, scope)?.equality);
  const made = transform === undefined ? undefined : transformFactories.get(transform)?.create(options ?? {});
  return {
    type,
    attribute: directoryName(attribute, subschema),
    by: directoryName(by, subschema),
    targets: [],
    ...(made === undefined ? {} : { transform: made }),
    // Of text it is not known, as transforms and rules may compare letter case differently.
    sameRule: held === 'integerMatch' && (made === undefined ? holding === held : made.traits.equality),
  };
}

function compileReference(ref: AttributeRef, key: MappedKey, scope: CompileScope): AttributeMapper | undefined {
  const { reference = [], attribute, by, placeholder, singleValued } = key.mapping;
  const types = typeof reference === 'string' ? [reference] : reference;
  if (attribute === undefined) return undefined;
  const { subschema } = scope.options;
  const ldapType = findLdapType(attribute, key, scope);
  return referenceMapper(ref, {
    attribute: directoryName(attribute, subschema),
    types,
    singleValued: singleValued ?? ldapType?.singleValue ?? false,
    ...(by === undefined ? {} : { by: directoryName(by, subschema) }),
    ...(placeholder === undefined ? {} : { placeholder }),
  });
}
