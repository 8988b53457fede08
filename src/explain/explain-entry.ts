// The resource that an entry becomes, attribute by attribute, with the line of the mapping file that says so.
import { isDn } from '../ldap/dn.ts';
import type { LdapEntry } from '../ldap/entry.ts';
import { LdapError } from '../ldap/errors.ts';
import { filterAttributes } from '../ldap/filter.ts';
import { matches } from '../ldap/match-filter.ts';
import { resultCode } from '../ldap/result-codes.ts';
import { findText } from '../ldap/syntaxes/utf8.ts';
import type { MappedKey } from '../mapping/compile-scope.ts';
import { directoryName } from '../mapping/directory-name.ts';
import type { MappingSource } from '../mapping/file/mapping-file.ts';
import type { ResourceMapping } from '../mapping/mapping.ts';
import { readId } from '../mapping/plan-fetch.ts';
import { isInReach } from '../mapping/reach.ts';
import { evaluateOnElement } from '../scim/filter/evaluate.ts';
import { isSecret } from '../scim/filter/resolve.ts';
import { isJsonObject, type JsonValue } from '../scim/json.ts';
import { parseRead } from '../scim/parse-request.ts';
import { interop } from '../scim/profile.ts';
import { getAttribute, type Resource } from '../scim/resource.ts';
import { type Explainable, type ExplainedOperation, runOn } from './explain-request.ts';
import { imagineDirectory } from './imagined-directory.ts';

export interface EntryExplanation {
  readonly kind: 'entry';
  readonly dn: string;
  readonly resourceType: string;
  readonly id: string;
  readonly attributes: readonly AttributeExplanation[];
  readonly resource: Resource;
  readonly operations: readonly ExplainedOperation[];
}

export interface AttributeExplanation {
  /** The key of the mapping file: `name.familyName`. */
  readonly key: string;
  /** Where its value comes from, in words, where that is not an LDAP attribute. */
  readonly from?: string;
  readonly ldapAttribute?: string;
  /** As text; octets that are none in base64 behind `::`. */
  readonly ldapValues: readonly string[];
  /** Undefined: the resource has no such value. */
  readonly value: JsonValue | undefined;
  /** The line that says so. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** What a DN or an id leads to; `reason` says why it leads to no resource. */
export type EntryOutcome = EntryExplanation | { readonly kind: 'none'; readonly reason: string };

export async function explainEntry(name: string, subject: Explainable, source: MappingSource): Promise<EntryOutcome> {
  const found =
    isDn(name) && name.includes('=')
      ? await findByDn(name, subject)
      : subject.mapping.resourceTypes.map((mapping) => ({ mapping, id: name }));
  if ('reason' in found) return { kind: 'none', reason: found.reason };
  for (const { mapping, id } of found) {
    const request = parseRead({ resourceType: mapping.type, profile: interop, parameters: [], id });
    const { answer, operations } = await runOn(subject, request);
    const entry = operations.flatMap(({ entries }) => entries).find((each) => readId(mapping, each) === id);
    if (answer.body === undefined || entry === undefined) continue;
    const resource = answer.body;
    const attributes = mapping.keys.map((key) => explainKey(key, entry, resource, subject, source));
    return { kind: 'entry', dn: entry.dn, resourceType: mapping.type.name, id, attributes, resource, operations };
  }
  const types = subject.mapping.resourceTypes.map(({ type }) => type.name).join(' nor ');
  return { kind: 'none', reason: `neither ${types} has the id ${name}` };
}

async function findByDn(
  dn: string,
  { mapping: compiled, live, entries, dialect }: Explainable,
): Promise<readonly { readonly mapping: ResourceMapping; readonly id: string }[] | { readonly reason: string }> {
  const directory =
    live ??
    imagineDirectory({ mapping: compiled, dialect, findsAny: true, ...(entries === undefined ? {} : { entries }) });
  const attributes = compiled.resourceTypes.flatMap(({ id, entry }) => [
    id.attribute,
    ...filterAttributes(entry.filter),
  ]);
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  let entry: LdapEntry | undefined;
  try {
    const search = directory.search({ base: dn, scope: 'base', filter, attributes: [...new Set(attributes)] });
    [entry] = (await search.collect()).entries;
  } catch (error) {
    const codes: readonly number[] = [resultCode.noSuchObject, resultCode.invalidDNSyntax];
    if (!(error instanceof LdapError) || !codes.includes(error.code)) throw error;
  }
  if (entry === undefined) return { reason: `there is no entry ${dn}, or the account of the gateway may not see it` };
  const reasons: string[] = [];
  const found = compiled.resourceTypes.flatMap((mapping) => {
    const id = readId(mapping, entry);
    const type = mapping.type.name;
    if (!isInReach(mapping.entry, entry.dn))
      reasons.push(`${type}: it is below none of the bases, or in an excluded part`);
    else if (!matches(mapping.entry.filter, entry, compiled.subschema))
      reasons.push(`${type}: it does not match entry.filter`);
    else if (id === undefined) reasons.push(`${type}: it has no ${mapping.id.attribute}, which is the id`);
    else return [{ mapping, id }];
    return [];
  });
  return found.length > 0 ? found : { reason: `${entry.dn} is no resource. ${reasons.join('. ')}.` };
}

function explainKey(
  { key, path, mapping, target }: MappedKey,
  entry: LdapEntry,
  resource: Resource,
  { mapping: compiled }: Explainable,
  source: MappingSource,
): AttributeExplanation {
  const ldapAttribute =
    mapping.attribute === undefined ? undefined : directoryName(mapping.attribute, compiled.subschema);
  const secret = isSecret(target.ref) || mapping.write !== undefined;
  const from = secret ? 'written, never read' : describeSource(mapping);
  return {
    key,
    ...(from === undefined ? {} : { from }),
    ...(ldapAttribute === undefined ? {} : { ldapAttribute }),
    ldapValues: ldapAttribute === undefined || secret ? [] : entry.bytes(ldapAttribute).map(showOctets),
    value: valueAt(resource, target),
    place: source.locate(path),
  };
}

function describeSource({ backlink, constant, template }: MappedKey['mapping']): string | undefined {
  if (backlink !== undefined) {
    const sources = [backlink]
      .flat()
      .map((each) => (typeof each === 'string' ? each : `${each.type}, by ${each.attribute}`));
    return `who points here: ${sources.join(', ')}`;
  }
  if (constant !== undefined) return `always ${JSON.stringify(constant)}`;
  return template === undefined ? undefined : `made of ${template}`;
}

function valueAt(resource: Resource, { ref, filter, subAttribute }: MappedKey['target']): JsonValue | undefined {
  const whole = getAttribute(resource, ref);
  if (whole === undefined) return undefined;
  const isList = ref.attribute.multiValued;
  const elements = elementsOf(whole).filter((each) => filter === undefined || evaluateOnElement(filter, each));
  const parts =
    subAttribute === undefined
      ? elements
      : elements.flatMap((each) => (isJsonObject(each) ? (each[subAttribute.name] ?? []) : []));
  if (parts.length === 0) return undefined;
  return isList ? parts : parts[0];
}

function elementsOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
}

function showOctets(value: Buffer): string {
  const text = findText(value);
  return text !== undefined && !/\p{Cc}/u.test(text.replaceAll('\n', '')) ? text : `:: ${value.toString('base64')}`;
}
