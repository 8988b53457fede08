// Holds a schema that an operator wrote against RFC 7643 s2.1, s2.3 and s7: what no client could work with is named here,
// at start, with its place.
import { isAttributeName, isSchemaUri } from '../filter/attribute-path.ts';
import { sameUrn } from '../urns.ts';
import type { AttributeType } from './schema.ts';
import { standardSchemas } from './standard-schemas.ts';

/** An attribute as written: every member may be missing or wrong. */
export interface WrittenAttribute {
  readonly name: string;
  readonly type?: string | undefined;
  readonly multiValued?: boolean | undefined;
  readonly canonicalValues?: readonly string[] | undefined;
  readonly mutability?: string | undefined;
  readonly returned?: string | undefined;
  readonly required?: boolean | undefined;
  readonly referenceTypes?: readonly string[] | undefined;
  readonly subAttributes?: readonly WrittenAttribute[] | undefined;
}

export interface SchemaProblem {
  /** Keys below the schema: `attributes`, index, `subAttributes`, index, characteristic. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const types: ReadonlySet<string> = new Set<AttributeType>([
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
]);

/** All problems of an own schema and its attributes; none for a sound one. */
export function checkSchema(urn: string, attributes: readonly WrittenAttribute[]): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (!isSchemaUri(urn))
    problems.push({ path: [], message: `"${urn}" is no URI such as urn:example:schemas:2.0:Device` });
  if ([...standardSchemas.keys()].some((known) => sameUrn(known, urn))) {
    problems.push({ path: [], message: `${urn} is a standard schema and cannot be defined anew` });
  }
  return [...problems, ...checkAttributes(attributes, ['attributes'], false)];
}

function checkAttributes(
  attributes: readonly WrittenAttribute[],
  place: SchemaProblem['path'],
  nested: boolean,
): SchemaProblem[] {
  const seen = new Set<string>();
  return attributes.flatMap((attribute, index) => {
    const path = [...place, index];
    const twice = seen.has(attribute.name.toLowerCase());
    seen.add(attribute.name.toLowerCase());
    return [
      ...(twice
        ? [{ path: [...path, 'name'], message: `"${attribute.name}" is defined twice; letter case does not count` }]
        : []),
      ...checkAttribute(attribute, path, nested),
    ];
  });
}

function checkAttribute(attribute: WrittenAttribute, path: SchemaProblem['path'], nested: boolean): SchemaProblem[] {
  const { name, subAttributes } = attribute;
  const type = attribute.type ?? (subAttributes === undefined ? 'string' : 'complex');
  const complex = type === 'complex';
  const checks: readonly [wrong: boolean, key: string, message: string][] = [
    [
      // A name such as `constructor` would be found in every object of the program.
      !isAttributeName(name) || (name === '$ref' && !nested) || name in Object.prototype,
      'name',
      `"${name}" is no attribute name: a letter, then letters, digits, - and _`,
    ],
    [!types.has(type), 'type', `"${type}" is no type; types are ${[...types].join(', ')}`],
    [nested && complex, 'type', 'a sub-attribute cannot be complex (RFC 7643 s2.3.8)'],
    [complex && (subAttributes ?? []).length === 0, 'subAttributes', 'a complex attribute needs sub-attributes'],
    [!complex && subAttributes !== undefined, 'subAttributes', `an attribute of type ${type} has no sub-attributes`],
    [
      type !== 'reference' && attribute.referenceTypes !== undefined,
      'referenceTypes',
      `referenceTypes belong to the type reference, not to ${type}`,
    ],
    [
      attribute.mutability === 'writeOnly' && attribute.returned !== undefined && attribute.returned !== 'never',
      'returned',
      'a writeOnly attribute is never returned (RFC 7643 s7)',
    ],
    [
      attribute.mutability === 'readOnly' && attribute.returned === 'never',
      'returned',
      'a readOnly attribute that is never returned has no use',
    ],
    [
      attribute.mutability === 'readOnly' && attribute.required === true && !nested,
      'required',
      'no client can give a value to a readOnly attribute',
    ],
  ];
  const own = checks.filter(([wrong]) => wrong).map(([, key, message]) => ({ path: [...path, key], message }));
  return [...own, ...checkAttributes(nested ? [] : (subAttributes ?? []), [...path, 'subAttributes'], true)];
}
