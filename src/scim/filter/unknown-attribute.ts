// What to say about a path that names nothing: the part that is wrong, and the name that was probably meant.

import { didYouMean } from '../../util/did-you-mean.ts';
import { commonAttributes } from '../schema/common.ts';
import { findAttribute, findByName, findSchema } from '../schema/find-attribute.ts';
import type { ResourceType, Schema, SchemaAttribute } from '../schema/schema.ts';
import { printAttributePath } from './attribute-path.ts';
import type { AttributePath } from './filter.ts';
import { quote } from './lex.ts';

// The cost of a suggestion grows with the length of the word, and no attribute has a name of this length.
const longestWord = 100;

/** `User has no attribute 'usrName'; did you mean "userName"?` For a path that `findAttribute` does not find. */
export function explainUnknownAttribute(type: ResourceType, path: AttributePath): string {
  const { subAttribute, ...whole } = path;
  const parent = subAttribute === undefined ? undefined : findAttribute(type, whole)?.attribute;
  if (subAttribute !== undefined && parent !== undefined) return explainUnknownSubAttribute(parent, subAttribute);
  const message = `${type.name} has no attribute ${quote(printAttributePath(path))}`;
  const schema = path.urn === undefined ? undefined : findSchema(type, path.urn);
  if (path.urn !== undefined && schema === undefined) {
    const urns = [type.schema, ...type.extensions.map((extension) => extension.schema)].map(({ id }) => id);
    return withHint(`${message}: its schemas do not include ${quote(path.urn)}`, path.urn, urns);
  }
  const owners = schema === undefined ? ownersOf(type, path.attribute) : [];
  if (owners.length > 1) return `${message} of its own, but several extensions do; write ${owners.join(' or ')}.`;
  const names = schema === undefined ? namesOf(type) : schema.attributes.map(({ name }) => name);
  const word = subAttribute === undefined ? path.attribute : `${path.attribute}.${subAttribute}`;
  const parents = schema === undefined ? parentsOf(type, word) : [];
  return parents.length > 0 ? `${message}; did you mean "${parents[0]}"?` : withHint(message, word, names);
}

/** `emails has no sub-attribute 'typ'; did you mean "type"?` */
export function explainUnknownSubAttribute(attribute: SchemaAttribute, name: string): string {
  const names = (attribute.subAttributes ?? []).map((sub) => sub.name);
  return withHint(`${attribute.name} has no sub-attribute ${quote(name)}`, name, names);
}

function withHint(message: string, word: string, candidates: readonly string[]): string {
  const hint = word.length > longestWord ? undefined : didYouMean(word, candidates);
  return hint === undefined ? `${message}.` : `${message}; ${hint}`;
}

// E42: a bare name that more than one extension has.
function ownersOf(type: ResourceType, name: string): readonly string[] {
  return type.extensions.flatMap(({ schema }) => {
    const attribute = findByName(schema.attributes, name);
    return attribute === undefined ? [] : [`"${schema.id}:${attribute.name}"`];
  });
}

function allAttributes(type: ResourceType): readonly SchemaAttribute[] {
  const schemas: readonly Schema[] = [type.schema, ...type.extensions.map(({ schema }) => schema)];
  return [...commonAttributes, ...schemas.flatMap(({ attributes }) => attributes)];
}

function namesOf(type: ResourceType): readonly string[] {
  return allAttributes(type).flatMap(({ name, subAttributes = [] }) => [
    name,
    ...subAttributes.map((sub) => `${name}.${sub.name}`),
  ]);
}

// `familyName` alone is a frequent slip for `name.familyName`.
function parentsOf(type: ResourceType, word: string): readonly string[] {
  return allAttributes(type).flatMap(({ name, subAttributes = [] }) =>
    subAttributes.filter((sub) => sub.name.toLowerCase() === word.toLowerCase()).map((sub) => `${name}.${sub.name}`),
  );
}
