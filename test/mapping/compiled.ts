// Compiled mappings for the tests of this room, and the directory side of them in memory.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dnKey } from '../../src/ldap/dn.ts';
import { LdapEntry } from '../../src/ldap/entry.ts';
import { parseSchemaLdif } from '../../src/ldap/ldif.ts';
import type { AddRequest, Modification } from '../../src/ldap/operations.ts';
import { extendSubschema } from '../../src/ldap/subschema/parse-subschema.ts';
import { standardSubschema } from '../../src/ldap/subschema/standard.ts';
import type { Subschema } from '../../src/ldap/subschema/subschema.ts';
import { type LdapValue, toBytes } from '../../src/ldap/value.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import type { CompileOptions } from '../../src/mapping/compile-scope.ts';
import { loadMappingText } from '../../src/mapping/file/load-mapping.ts';
import { type CompiledMapping, getResourceMapping, type ResourceMapping } from '../../src/mapping/mapping.ts';
import { toResource } from '../../src/mapping/plan-fetch.ts';
import { type EntryChange, planAdd, planModify } from '../../src/mapping/plan-write.ts';
import { noReferences, type References, type ReferenceTarget } from '../../src/mapping/references.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { resolveFilter } from '../../src/scim/filter/resolve.ts';
import type { Resource } from '../../src/scim/resource.ts';
import { printProblem } from '../../src/util/problem.ts';

const mappings = path.resolve(import.meta.dirname, '../../mappings');

export const scimSubschema: Subschema = extendSubschema(
  standardSubschema,
  parseSchemaLdif(readFileSync(path.join(mappings, 'openldap/scim-person.ldif'), 'utf8')),
);

/** A mapping that ships, against the standard schema and scim-person. */
export async function compileShipped(
  file: string,
  { changes = '', matchEntryDn = true, ...more }: Partial<CompileOptions> & { readonly changes?: string } = {},
): Promise<CompiledMapping> {
  const text = `extends: ${JSON.stringify(path.join(mappings, file))}\n${changes}`;
  const loaded = await loadMappingText(text, 'changes.yaml');
  assert.ok(loaded.mapping, loaded.problems.map(printProblem).join('\n'));
  const compiled = compileMapping(loaded.mapping, { subschema: scimSubschema, live: true, matchEntryDn, ...more });
  assert.ok(compiled.mapping, compiled.problems.map(printProblem).join('\n'));
  return compiled.mapping;
}

/** The lines of problems that compiling the text of a mapping file comes to. */
export async function problemsOf(
  text: string,
  subschema: Subschema = scimSubschema,
  more: { readonly plaintext?: boolean } = {},
): Promise<string[]> {
  const loaded = await loadMappingText(text, 'm.yaml');
  assert.ok(loaded.mapping, loaded.problems.map(printProblem).join('\n'));
  const options = { subschema, live: true, matchEntryDn: true, ...more };
  return compileMapping(loaded.mapping, options).problems.map(printProblem);
}

export async function compileText(text: string, subschema: Subschema = scimSubschema): Promise<CompiledMapping> {
  const loaded = await loadMappingText(text, 'm.yaml');
  assert.ok(loaded.mapping, loaded.problems.map(printProblem).join('\n'));
  const compiled = compileMapping(loaded.mapping, { subschema, live: true, matchEntryDn: true });
  assert.ok(compiled.mapping, compiled.problems.map(printProblem).join('\n'));
  return compiled.mapping;
}

/** A mapping file with one resource type: keys of `attributes`, one a line, and more of the file. */
export function personText(
  attributes: readonly string[],
  { entry = '', schemas = '', extensions = '', type = '' } = {},
): string {
  return [
    ...(schemas === '' ? [] : ['schemas:', schemas]),
    'resourceTypes:',
    '  User:',
    '    endpoint: /Users',
    '    schema: urn:ietf:params:scim:schemas:core:2.0:User',
    ...(extensions === '' ? [] : [`    extensions: [${extensions}]`]),
    '    entry:',
    '      base: ou=people,dc=example',
    '      filter: (objectClass=person)',
    '      objectClasses: [top, person]',
    '      rdn: uid',
    ...(entry === '' ? [] : [entry]),
    ...(type === '' ? [] : [type]),
    '    attributes:',
    '      id: { attribute: entryUUID, transform: uuid }',
    ...attributes.map((line) => `      ${line}`),
  ].join('\n');
}

export async function compilePerson(
  attributes: readonly string[],
  options: Parameters<typeof personText>[1] = {},
  subschema: Subschema = scimSubschema,
): Promise<{ compiled: CompiledMapping; user: ResourceMapping }> {
  const compiled = await compileText(personText(['userName: uid', ...attributes], options), subschema);
  return { compiled, user: getResourceMapping(compiled, 'User') };
}

export const someId = '11111111-2222-4333-8444-555555555555';

/** An entry with an id. */
export function entryOf(attributes: Readonly<Record<string, readonly LdapValue[]>>, dn = 'uid=ann,dc=example') {
  const all = { entryUUID: [someId], ...attributes };
  return new LdapEntry(
    dn,
    new Map(Object.entries(all).map(([name, values]) => [name.toLowerCase(), values.map(toBytes)])),
  );
}

export function resourceOf(
  mapping: ResourceMapping,
  entry: LdapEntry,
  references: References = noReferences,
): Resource {
  return toResource(mapping, entry, references, mapping.mappers, 'https://scim.example');
}

/** What a client may write of a resource: without `schemas`, `id` and `meta`. */
export function contentOf({ schemas: _schemas, id: _id, meta: _meta, ...content }: Resource): Resource {
  return content;
}

export function addedEntry(add: AddRequest): LdapEntry {
  return new LdapEntry(
    add.dn,
    new Map([
      ['entryuuid', [Buffer.from(someId)]],
      ...add.attributes.map(({ type, values }) => [type.toLowerCase(), values.map(toBytes)] as const),
    ]),
  );
}

/** The entry after a modify, as a directory would leave it; a value to delete that is not there is a failure. */
export function modifiedEntry(entry: LdapEntry, modifications: readonly Modification[]): LdapEntry {
  const attributes = new Map(entry.attributes);
  for (const { operation, attribute, values } of modifications) {
    const name = attribute.toLowerCase();
    const present = attributes.get(name) ?? [];
    const given = values.map(toBytes);
    const isGiven = (value: Buffer) => given.some((other) => other.equals(value));
    const isPresent = (value: Buffer) => present.some((other) => other.equals(value));
    switch (operation) {
      case 'add':
        assert.ok(!given.some(isPresent), `${attribute} has the value already`);
        attributes.set(name, [...present, ...given]);
        break;
      case 'delete':
        assert.ok(given.every(isPresent), `${attribute} does not have the value`);
        attributes.set(
          name,
          present.filter((value) => !isGiven(value)),
        );
        break;
      case 'replace':
        attributes.set(name, given);
        break;
      case 'increment':
        assert.fail('not in these tests');
    }
    if (attributes.get(name)?.length === 0) attributes.delete(name);
  }
  return new LdapEntry(entry.dn, attributes);
}

/** References over targets in memory. */
export function referencesTo(targets: readonly ReferenceTarget[], more: Partial<References> = {}): References {
  const ofTypes = (types: readonly string[]) => targets.filter(({ type }) => types.includes(type));
  return {
    ...noReferences,
    findById: (id, types) => ofTypes(types).find((target) => target.id === id),
    findByDn: (dn, types) => ofTypes(types).find((target) => dnKey(target.dn) === dnKey(dn)),
    findByKey: (_holder, attribute, value, types) =>
      ofTypes(types).find(({ entry }) => entry.strings(attribute).some((text) => text === value)),
    ...more,
  };
}

/** A user `u1` at `uid=u1,ou=people,dc=example,dc=com`. */
export function userTarget(id: string, attributes: Readonly<Record<string, readonly LdapValue[]>> = {}) {
  const dn = `uid=${id},ou=people,dc=example,dc=com`;
  const entry = entryOf({ uid: [id], ...attributes }, dn);
  return { type: 'User', id, dn, location: `https://scim.example/Users/${id}`, display: id.toUpperCase(), entry };
}

/** A group `g1` at `cn=g1,ou=groups,dc=example,dc=com`. */
export function groupTarget(id: string, attributes: Readonly<Record<string, readonly LdapValue[]>>) {
  const dn = `cn=${id},ou=groups,dc=example,dc=com`;
  const location = `https://scim.example/Groups/${id}`;
  return { type: 'Group', id, dn, location, entry: entryOf({ cn: [id], ...attributes }, dn) };
}

export function filterFor(mapping: ResourceMapping, text: string) {
  return resolveFilter(parseFilter(text), mapping.type);
}

export const context = { references: noReferences, now: Date.UTC(2026, 0, 1) };

/** The entry that a create makes. */
export function add(mapping: ResourceMapping, resource: Resource): LdapEntry {
  return addedEntry(planAdd(mapping, resource, context, new Map()));
}

/** What makes the entry say what `after` says. */
export function change(
  compiled: CompiledMapping,
  mapping: ResourceMapping,
  entry: LdapEntry,
  after: Resource,
): EntryChange {
  return planModify(compiled, mapping, mapping.mappers, { entry, before: resourceOf(mapping, entry), after }, context);
}

/** Modifications as `operation attribute: values`. */
export function printed({ modifications, rename, move }: EntryChange): string[] {
  return [
    ...modifications.map(
      ({ operation, attribute, values }) => `${operation} ${attribute}: ${values.map(String).join(', ')}`,
    ),
    ...(rename === undefined ? [] : [`rename ${rename}`]),
    ...(move === undefined ? [] : [`move ${move}`]),
  ];
}
