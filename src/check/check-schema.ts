// A compiled mapping against the directory's schema: what a write would be refused for, and what a new entry lacks. Pure.
import type { Dialect } from '../ldap/dialects/dialect.ts';
import { filterAttributes } from '../ldap/filter.ts';
import type { AttributeType } from '../ldap/subschema/subschema.ts';
import { DN_SYNTAX } from '../ldap/syntaxes/distinguished-name.ts';
import { findSyntax } from '../ldap/syntaxes/syntaxes.ts';
import { isReadOnlyKey } from '../mapping/characteristics.ts';
import type { MappedKey } from '../mapping/compile-scope.ts';
import { suggestAttribute, typeKey } from '../mapping/directory-name.ts';
import type { CompiledMapping, ResourceMapping } from '../mapping/mapping.ts';
import type { ReportProblem } from './report.ts';

export function checkSchema(compiled: CompiledMapping, { givenToNew }: Dialect, report: ReportProblem): void {
  for (const mapping of compiled.resourceTypes) {
    checkNames(compiled, mapping, report);
    for (const key of mapping.keys) {
      const type = compiled.subschema.attributeType(key.mapping.attribute ?? '');
      if (type === undefined) continue;
      checkCardinality(key, type, report);
      checkSyntax(key, type, report);
      checkAllowed(compiled, mapping, key, type, report);
    }
    checkMust(compiled, mapping, givenToNew ?? new Set(), report);
  }
}

function entryPath({ type }: ResourceMapping, ...keys: readonly string[]): readonly string[] {
  return ['resourceTypes', type.name, 'entry', ...keys];
}

/** Those of keys of `attributes` are found by the compiler. */
function checkNames({ subschema }: CompiledMapping, mapping: ResourceMapping, report: ReportProblem): void {
  const { rdn, defaults, filter } = mapping.entry;
  const names: readonly (readonly [string, readonly string[]])[] = [
    [rdn, ['rdn']],
    ...defaults.map(({ attribute }) => [attribute, ['defaults', attribute]] as const),
    ...[...filterAttributes(filter)].map((attribute) => [attribute, ['filter']] as const),
  ];
  for (const [name, keys] of names) {
    if (subschema.attributeType(name) !== undefined) continue;
    const hint = suggestAttribute(name, subschema) ?? 'load its schema, or name another attribute';
    report(
      'unknownName',
      'error',
      entryPath(mapping, ...keys),
      `the directory's schema has no attribute ${name}`,
      hint,
    );
  }
}

/** Elements of one type are values of one LDAP attribute. */
function checkCardinality({ path, key, mapping, target }: MappedKey, type: AttributeType, report: ReportProblem): void {
  const takesSeveral =
    target.ref.attribute.multiValued && mapping.transform === undefined && mapping.values === undefined;
  const isReference = mapping.reference !== undefined;
  const part = target.subAttribute?.name;
  if (!type.singleValue || !takesSeveral || isReadOnlyKey(mapping) || (part !== undefined && part !== 'value')) return;
  // One of each type is what most have, and clients send.
  if (mapping.singleValued === true || (target.filter !== undefined && !isReference)) return;
  const name = type.names[0] ?? '';
  const message = isReference
    ? `${key} has several values, and ${name} holds one`
    : `${key} may be given several times, and ${name} holds one value`;
  report(
    'singleValue',
    isReference ? 'error' : 'warning',
    path,
    message,
    'singleValued: true says that it is meant so',
  );
}

const TIMES = new Set(['1.3.6.1.4.1.1466.115.121.1.24', '1.3.6.1.4.1.1466.115.121.1.53']);
const NUMBERS = new Set(['1.3.6.1.4.1.1466.115.121.1.27', '1.2.840.113556.1.4.906']);
const BOOLEAN = '1.3.6.1.4.1.1466.115.121.1.7';
const NAME_AND_UID = '1.3.6.1.4.1.1466.115.121.1.34';

function checkSyntax({ path, key, mapping, target }: MappedKey, type: AttributeType, report: ReportProblem): void {
  const name = type.names[0] ?? '';
  const syntax = findSyntax(type.syntax)?.name ?? type.syntax;
  const isDnSyntax = type.syntax === DN_SYNTAX || type.syntax === NAME_AND_UID;
  const mismatch = (severity: 'error' | 'warning', message: string, hint: string): void =>
    report('syntax', severity, path, message, hint);
  if (mapping.reference !== undefined) {
    if (mapping.by === undefined && !isDnSyntax)
      mismatch(
        'error',
        `${name} holds no DNs, its syntax is ${syntax}`,
        'say by: and the attribute whose values it holds',
      );
    if (mapping.by !== undefined && isDnSyntax) mismatch('error', `${name} holds DNs`, `take by: ${mapping.by} out`);
    return;
  }
  // Of conversions that are named somebody has thought.
  if (mapping.transform !== undefined || mapping.values !== undefined || mapping.write !== undefined) return;
  const wanted = (target.subAttribute ?? target.ref.attribute).type;
  const readOnly = isReadOnlyKey(mapping) || (target.subAttribute ?? target.ref.attribute).mutability === 'readOnly';
  if (wanted === 'dateTime' && !TIMES.has(type.syntax)) {
    mismatch(
      'error',
      `${key} is a time, and ${name} holds none, its syntax is ${syntax}`,
      'name a transform, such as fileTime',
    );
  } else if (wanted === 'boolean' && type.syntax !== BOOLEAN && target.subAttribute?.name !== 'primary') {
    const hint = 'say which values mean true and false by "values", or name a transform such as flag';
    mismatch('warning', `${key} is true or false, and ${name} takes anything, its syntax is ${syntax}`, hint);
  } else if (wanted === 'string' && isDnSyntax) {
    mismatch('warning', `${name} holds DNs, which clients would see and write`, 'say reference: and the resource type');
  } else if (
    wanted === 'string' &&
    !readOnly &&
    (NUMBERS.has(type.syntax) || TIMES.has(type.syntax) || type.syntax === BOOLEAN)
  ) {
    mismatch(
      'warning',
      `${key} is text, and ${name} takes ${syntax} alone`,
      'map another attribute, or make it access: readOnly',
    );
  }
}

function checkAllowed(
  { subschema }: CompiledMapping,
  { entry, type: resourceType }: ResourceMapping,
  { path, mapping, key }: MappedKey,
  type: AttributeType,
  report: ReportProblem,
): void {
  // Operational attributes need no class.
  if (isReadOnlyKey(mapping) || type.usage !== 'userApplications') return;
  const name = (type.names[0] ?? '').toLowerCase();
  const { must, may } = subschema.allowed(entry.objectClasses);
  const takesAll = entry.objectClasses.some((each) => each.toLowerCase() === 'extensibleobject');
  if (takesAll || must.has(name) || may.has(name) || entry.auxiliary.has(name)) return;
  // Classes that content rules add are not known of (Active Directory).
  if (type.assumedRules === true) return;
  const holders = subschema.objectClasses.filter(
    ({ kind, must: own, may: more }) =>
      kind === 'auxiliary' && [...own, ...more].some((each) => each.toLowerCase() === name),
  );
  const hint =
    holders.length === 0
      ? 'map another attribute, or make it access: readOnly'
      : `add ${someNames(holders.map(({ names }) => names[0] ?? ''))} to entry.auxiliaryClasses`;
  report(
    'notAllowed',
    'error',
    path,
    `no object class of a ${resourceType.name} allows ${type.names[0] ?? ''}, so ${key} cannot be written`,
    hint,
  );
}

function someNames(names: readonly string[]): string {
  return names.slice(0, 3).join(' or ');
}

function checkMust(
  { subschema }: CompiledMapping,
  mapping: ResourceMapping,
  given: ReadonlySet<string>,
  report: ReportProblem,
): void {
  const { objectClasses, rdn, defaults } = mapping.entry;
  const filled = new Set([...defaults.map(({ attribute }) => attribute), rdn, 'objectClass'].map(typeKey));
  for (const name of subschema.allowed(objectClasses).must) {
    if (filled.has(name) || given.has(name)) continue;
    const type = subschema.attributeType(name);
    if (type?.noUserModification === true || type?.usage !== 'userApplications') continue;
    const shown = type.names[0] ?? name;
    const keys = mapping.keys.filter(
      ({ mapping: each }) => !isReadOnlyKey(each) && typeKey(canonical(subschema, each.attribute ?? '')) === name,
    );
    const [key] = keys;
    if (key === undefined) {
      const message = `every new ${mapping.type.name} must have ${shown}, and nothing gives it one`;
      report(
        'mustUnfilled',
        'error',
        entryPath(mapping, 'objectClasses'),
        message,
        `map it, or add ${shown} to entry.defaults`,
      );
    } else if (!isSure(key)) {
      const message = `every new ${mapping.type.name} must have ${shown}: a create without ${key.key} is refused`;
      report('mustUnfilled', 'warning', key.path, message, 'add a default, or required: true');
    }
  }
}

function canonical(subschema: CompiledMapping['subschema'], name: string): string {
  return subschema.attributeType(name)?.names[0] ?? name;
}

/** A create gives it a value whatever the client sends, or the client has to. */
function isSure({ mapping, target }: MappedKey): boolean {
  const required = target.subAttribute?.required === true || target.ref.attribute.required;
  return (
    mapping.default !== undefined ||
    mapping.required === true ||
    mapping.placeholder !== undefined ||
    mapping.values !== undefined ||
    required
  );
}
