// A gateway over HTTP in front of a running directory, with a note of every LDAP operation that it sends.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { type Authorization, compileAuthorization } from '../../src/auth/authorization.ts';
import { bearer } from '../../src/auth/bearer.ts';
import { createGateway, type GatewayGuards } from '../../src/gateway/create-gateway.ts';
import type { GatewayLimits } from '../../src/gateway/gateway.ts';
import { createApp } from '../../src/http/app.ts';
import { listen } from '../../src/http/listen.ts';
import { createDirectory, type Directory } from '../../src/ldap/client/directory.ts';
import type { TlsConfig } from '../../src/ldap/client/directory-config.ts';
import { detectDialect } from '../../src/ldap/dialects/detect-dialect.ts';
import type { Dialect } from '../../src/ldap/dialects/dialect.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import { type SentOperation as LdapOperation, watchDirectory } from '../../src/ldap/watch-directory.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { loadMappingText } from '../../src/mapping/file/load-mapping.ts';
import type { MappingSource } from '../../src/mapping/file/mapping-file.ts';
import type { CompiledMapping } from '../../src/mapping/mapping.ts';
import type { Observation } from '../../src/observe/observation.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { type ClientProfile, interop } from '../../src/scim/profile.ts';
import { printProblem } from '../../src/util/problem.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

export interface SentOperation {
  readonly operation: LdapOperation['operation'];
  readonly request: JsonObject;
}

export interface ServedGateway {
  readonly url: string;
  readonly token: string;
  readonly mapping: CompiledMapping;
  /** Where the keys of the mapping stand. */
  readonly source: MappingSource;
  readonly dialect: Dialect;
  /** The port as the gateway has it. */
  readonly directory: DirectoryPort;
  readonly observations: Observation[];
  scim: Send;
  /** By another of `callers`. */
  as(caller: string): { readonly scim: Send };
  /** The LDAP operations sent while `work` ran. */
  record(work: () => Promise<unknown>): Promise<SentOperation[]>;
  stop(): Promise<void>;
}

export type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** Where a directory is, and the account that the gateway has in it. */
export interface DirectoryAccess {
  readonly url: string;
  readonly tls?: TlsConfig;
  readonly bindDn: string;
  readonly password: string;
}

/** The part of a directory in which a suite works. */
export interface Place extends DirectoryAccess {
  readonly suffix: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** Below `mappings/`; OpenLDAP's, which the embedded directory takes as well, where absent. */
  readonly mapping?: ServeOptions['mapping'];
  /** YAML that says what differs from it. */
  readonly changes?: string;
  /** How users are named; by uid, which is the userName and follows it, unless given. */
  readonly naming?: {
    /** Holds the userName. */
    readonly attribute: string;
    /** Names the entry, and follows the userName. */
    readonly rdn: string;
    /** Of an entry that is no user and has a userName. */
    readonly strangerClass: string;
  };
}

export interface ServeOptions extends DirectoryAccess {
  /** Below `mappings/`; of several the later ones win. */
  readonly mapping: string | readonly string[];
  /** YAML that says what differs from it. */
  readonly changes?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly profile?: ClientProfile;
  readonly guards?: GatewayGuards;
  readonly limits?: Partial<GatewayLimits>;
  readonly cursorSecret?: Buffer;
  /** What the gateway is to believe of the directory. */
  readonly dialect?: (detected: Dialect) => Dialect;
  /** Further credentials, by name; the one of the test itself may do everything. */
  readonly callers?: Readonly<Record<string, Authorization & { readonly held?: readonly string[] }>>;
  /** As the server would say it of `url`. */
  readonly plaintext?: boolean;
}

export async function serveGateway(options: ServeOptions): Promise<ServedGateway> {
  const client = openDirectory(options, options.bindDn, options.password);
  const sent: SentOperation[] = [];
  const directory = watchDirectory(client, ({ operation, request }) => {
    sent.push({ operation, request: { ...request } as JsonObject });
  });
  const files = [options.mapping]
    .flat()
    .map((name) => fileURLToPath(new URL(`../../mappings/${name}`, import.meta.url)));
  const text = `extends: ${JSON.stringify(files)}\n${options.changes ?? ''}`;
  const loaded = await loadMappingText(text, 'changes.yaml', { variables: options.variables });
  if (loaded.mapping === undefined) throw new Error(loaded.problems.map(printProblem).join('\n'));
  const detected = detectDialect(await client.rootDse());
  const dialect = options.dialect?.(detected) ?? detected;
  const { matchEntryDn, backLinks } = dialect.capabilities;
  const subschema = await client.subschema();
  const plaintext = options.plaintext ?? false;
  const compiled = compileMapping(loaded.mapping, { subschema, live: true, matchEntryDn, backLinks, plaintext });
  if (compiled.mapping === undefined) throw new Error(compiled.problems.map(printProblem).join('\n'));
  const { mapping } = compiled;
  const observations: Observation[] = [];
  const observe = (observation: Observation): void => {
    observations.push(observation);
  };
  const gateway = createGateway({
    directory,
    dialect,
    mapping,
    observe,
    ...(options.guards === undefined ? {} : { guards: options.guards }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.cursorSecret === undefined ? {} : { cursorSecret: options.cursorSecret }),
  });
  const tokens = new Map<string, string>();
  const callers: NonNullable<ServeOptions['callers']> = { test: {}, ...options.callers };
  const credentials = Object.entries(callers).map(([name, { held = [], ...authorization }]) => {
    const token = randomBytes(32).toString('base64url');
    tokens.set(name, token);
    const access = compileAuthorization(mapping, authorization, (path, message) => {
      throw new Error(`${name}.${path.join('.')}: ${message}`);
    })(held);
    const principal = { name, profile: options.profile ?? interop, ...(access === undefined ? {} : { access }) };
    return { tokenHash: createHash('sha256').update(token).digest(), principal };
  });
  const app = createApp({
    gateway,
    observe,
    authenticator: createAuthenticator([bearer(credentials)]),
    basePath: '/scim/v2',
    trustedProxies: [],
    publicDiscovery: 'serviceProviderConfig',
    etag: mapping.resourceTypes.every(({ version }) => version !== undefined),
    bodyBytes: 8 * 1024 * 1024,
    requestSeconds: 30,
  });
  const listener = await listen(app.callback(), { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${listener.port}/scim/v2`;
  const sendAs =
    (caller: string): Send =>
    async (method, path, body, headers = {}) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${tokens.get(caller)}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? {} : (JSON.parse(text) as JsonObject),
      };
    };
  return {
    url,
    token: tokens.get('test') ?? '',
    mapping,
    source: loaded.mapping.source,
    dialect,
    directory,
    observations,
    scim: sendAs('test'),
    as: (caller) => ({ scim: sendAs(caller) }),
    async record(work) {
      const before = sent.length;
      await work();
      return sent.slice(before);
    },
    async stop() {
      await listener.stop(1);
      await client.close();
    },
  };
}

/** A gateway in front of `place`, by the mapping that is made for it unless `more` names one. */
export function servePlace(place: Place, more: Partial<ServeOptions> = {}): Promise<ServedGateway> {
  const { suffix, peopleDn: people, groupsDn: groups } = place;
  const mapping = place.mapping ?? 'openldap/inet-org-person-scim.yaml';
  return serveGateway({ ...place, mapping, variables: { suffix, people, groups }, ...more });
}

/** The id of the resource that a POST makes. */
export async function createIn({ scim }: Pick<ServedGateway, 'scim'>, path: string, body: JsonObject): Promise<string> {
  const answer = await scim('POST', path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return String(answer.body['id']);
}

/** Where a user of this userName is. */
export function userDn({ naming, peopleDn }: Place, userName: string, base = peopleDn): string {
  return `${naming?.rdn ?? 'uid'}=${userName},${base}`;
}

type Address = Pick<DirectoryAccess, 'url' | 'tls'>;

function openDirectory({ url, tls }: Address, dn: string, password: string): Directory {
  return createDirectory({ urls: [url], bind: { dn, password }, ...(tls === undefined ? {} : { tls }) });
}

/** Whether the directory lets `dn` log in with this password. */
export async function canBind(address: Address, dn: string, password: string): Promise<boolean> {
  const directory = openDirectory(address, dn, password);
  const itself = { base: dn, scope: 'base', filter: { kind: 'present', attribute: 'objectClass' } } as const;
  try {
    await directory.search({ ...itself, attributes: ['1.1'] }).collect();
    return true;
  } catch {
    return false;
  } finally {
    await directory.close();
  }
}
