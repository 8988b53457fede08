// Tables made of the data that the program itself goes by.
import { readdirSync, readFileSync } from 'node:fs';
import { directoryProblems } from '../../src/check/problem-codes.ts';
import { gatewayProblems } from '../../src/config/problem-codes.ts';
import { ldapErrorRows } from '../../src/gateway/errors.ts';
import { detectDialect } from '../../src/ldap/dialects/detect-dialect.ts';
import { knownRootDses } from '../../src/ldap/dialects/known-root-dses.ts';
import { LdapEntry } from '../../src/ldap/entry.ts';
import { resultCodeName } from '../../src/ldap/result-codes.ts';
import { mappingProblemCodes } from '../../src/mapping/file/problem-codes.ts';
import { transformFactories } from '../../src/mapping/transforms/registry.ts';
import { directories, directoryTitles, featureRows } from '../../test/gateway/feature-table.ts';
import { inlineCode, printTable } from './regions.ts';

interface ProblemCode {
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
}

export const printMappingProblems = (): string => printProblems(mappingProblemCodes);
export const printDirectoryProblems = (): string => printProblems(Object.values(directoryProblems));
export const printGatewayProblems = (): string => printProblems(Object.values(gatewayProblems));

function printProblems(codes: readonly ProblemCode[]): string {
  return printTable(
    ['code', 'what is wrong', 'what to do'],
    codes.map(({ code, title, remedy }) => [`<a id="${code.toLowerCase()}"></a>${code}`, title, remedy]),
  );
}

/** LDAP result code -> what the client gets. */
export function printResultCodes(): string {
  const rows = [...ldapErrorRows].sort(([a], [b]) => a - b);
  return printTable(
    ['LDAP result', 'status', 'scimType', 'detail'],
    rows.map(([code, [status, scimType, detail]]) => [
      `${code} ${resultCodeName(code)}`,
      String(status),
      scimType ?? '',
      detail,
    ]),
  );
}

/** Name, what it is for, options. */
/** What is tested where, and why not everywhere. */
export function printFeatures(): string {
  return printTable(['feature', ...directories.map((name) => directoryTitles[name])], featureRows());
}

export function printTransforms(): string {
  return printTable(
    ['transform', 'SCIM types', 'what it is for', 'options'],
    [...transformFactories.values()].map(({ name, description, options }) => [
      inlineCode(name),
      typesWithOptions.get(name) ?? typesOf(name),
      description,
      Object.keys(propertiesOf(options)).map(inlineCode).join(', '),
    ]),
  );
}

/** Of those that nothing can be made of without options. */
const typesWithOptions: ReadonlyMap<string, string> = new Map([
  ['expiry', 'boolean'],
  ['flag', 'boolean'],
  ['values', 'string, boolean, integer, decimal'],
]);

function typesOf(name: string): string {
  return transformFactories.get(name)?.create({}).traits.types.join(', ') ?? '';
}

function propertiesOf(schema: object): object {
  return 'properties' in schema && typeof schema.properties === 'object' ? (schema.properties ?? {}) : {};
}

/** What is known of a product before its root DSE is asked: of one that promises everything, and of one that promises nothing. */
export function printDialects(): string {
  const rootDse = (product: string): LdapEntry => knownRootDses.get(product) ?? new LdapEntry('', new Map());
  const unnamed = new Map(rootDse('openldap').attributes);
  unnamed.delete('objectclass');
  const columns = [
    rootDse('openldap'),
    rootDse('389-ds'),
    rootDse('active-directory'),
    new LdapEntry('', unnamed),
    rootDse('none'),
  ].map(detectDialect);
  const names = Object.keys(columns[0]?.capabilities ?? {}) as (keyof (typeof columns)[number]['capabilities'])[];
  return printTable(
    [
      'what the gateway goes by',
      'OpenLDAP 2.5.13',
      '389-DS 2.3.1',
      'Samba AD 4.17.12',
      'another server with the root DSE of OpenLDAP',
      'an empty root DSE',
    ],
    [
      ...names.map((name) => [inlineCode(name), ...columns.map(({ capabilities }) => shown(capabilities[name]))]),
      ['codes for a value that is there', ...columns.map(({ codes }) => codes.memberExists.join(', '))],
      ['codes for a value that is not there', ...columns.map(({ codes }) => codes.memberMissing.join(', '))],
      ['codes for an add or a move to where nothing is', ...columns.map(({ codes }) => codes.placeMissing.join(', '))],
    ],
  );
}

function shown(
  value:
    | boolean
    | number
    | string
    | ReadonlyMap<string, string>
    | { readonly attributes: readonly string[] }
    | undefined,
) {
  if (value instanceof Map) return [...value.values()].map(inlineCode).join(', ') || 'none';
  if (typeof value === 'object' && 'attributes' in value) return value.attributes.map(inlineCode).join(', ');
  if (typeof value === 'string') return inlineCode(value);
  return typeof value === 'number' ? String(value) : value === true ? 'yes' : 'no';
}

/** The head comment of the main file of each room. */
const rooms: readonly (readonly [room: string, file: string, rejects: string])[] = [
  ['http', 'src/http/app.ts', '404, 405, 406, 413, 415, 501'],
  ['auth', 'src/auth/authenticate.ts', '401'],
  [
    'scim',
    'src/scim/parse-request.ts',
    '400 invalidFilter, invalidSyntax, invalidPath, invalidValue, mutability, noTarget',
  ],
  ['scim/filter', 'src/scim/filter/parse.ts', '400 invalidFilter'],
  ['scim/patch', 'src/scim/patch/parse-patch.ts', '400 invalidSyntax, invalidPath, invalidValue, mutability, noTarget'],
  ['scim/schema', 'src/scim/schema/schema.ts', ''],
  ['mapping', 'src/mapping/compile-mapping.ts', '400 invalidValue, mutability'],
  ['mapping/file', 'src/mapping/file/load-mapping.ts', ''],
  ['mapping/mappers', 'src/mapping/mapper.ts', ''],
  ['mapping/transforms', 'src/mapping/transforms/transform.ts', '400 invalidValue'],
  ['gateway', 'src/gateway/create-gateway.ts', '400 tooMany, 404, 409, 412, 503, and what the table in errors.md says'],
  ['ldap', 'src/ldap/port.ts', ''],
  ['ldap/client', 'src/ldap/client/directory.ts', ''],
  ['ldap/protocol', 'src/ldap/protocol/message.ts', ''],
  ['ldap/dialects', 'src/ldap/dialects/dialect.ts', ''],
  ['ldap/subschema', 'src/ldap/subschema/subschema.ts', ''],
  ['ldap/embedded', 'src/ldap/embedded/embedded-directory.ts', ''],
  ['counters', 'src/counters/counters.ts', ''],
  ['config', 'src/config/load-gateway-file.ts', ''],
  ['observe', 'src/observe/observation.ts', ''],
  ['explain', 'src/explain/explain-request.ts', ''],
  ['check', 'src/check/check-directory.ts', ''],
  ['init', 'src/init/survey.ts', ''],
  ['cli', 'src/cli/run-cli.ts', ''],
  ['tenant', 'src/tenant/open-tenant.ts', ''],
  ['server', 'src/server.ts', ''],
];

/** Rooms in the order in which a request meets them. Throws where a folder of `src` is in none. */
export function printRooms(): string {
  const root = new URL('../../', import.meta.url);
  const folders = readdirSync(new URL('src/', root), { withFileTypes: true });
  const named = new Set(rooms.map(([room]) => room.split('/')[0]));
  const missing = folders.filter((each) => each.isDirectory() && each.name !== 'util' && !named.has(each.name));
  if (missing.length > 0)
    throw new Error(`docs/generate/tables.ts has no room ${missing.map(({ name }) => name).join(', ')}`);
  return rooms
    .map(([room, file, rejects]) => {
      const [head = ''] = /^(?:\/\/.*\n)+/.exec(readFileSync(new URL(file, root), 'utf8')) ?? [];
      const text = head
        .replaceAll(/^\/\/ ?/gm, '')
        .replaceAll(/\s+/g, ' ')
        .trim();
      const link = `[${file.replace('src/', '')}](../${file})`;
      return `**${room}** (${link}). ${text}${rejects === '' ? '' : ` *May reject with:* ${rejects}.`}`;
    })
    .join('\n\n');
}
