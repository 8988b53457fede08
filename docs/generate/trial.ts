// A gateway over the embedded directory that tells which LDAP operations a request becomes. The examples in the
// documents are what it says. Ids, versions and times differ from run to run, so words stand in for them.
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { createDirectory } from '../../src/ldap/client/directory.ts';
import { detectDialect } from '../../src/ldap/dialects/detect-dialect.ts';
import { createEmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { DirectoryPort } from '../../src/ldap/port.ts';
import { type SentOperation, watchDirectory } from '../../src/ldap/watch-directory.ts';
import { compileMapping } from '../../src/mapping/compile-mapping.ts';
import { loadMappingText } from '../../src/mapping/file/load-mapping.ts';
import type { CompiledMapping } from '../../src/mapping/mapping.ts';
import { ScimError } from '../../src/scim/error.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import {
  parseCreate,
  parseDelete,
  parsePatchRequest,
  parseRead,
  parseReplace,
  parseSearch,
} from '../../src/scim/parse-request.ts';
import { interop } from '../../src/scim/profile.ts';
import type { ScimRequest } from '../../src/scim/request.ts';
import { printProblem } from '../../src/util/problem.ts';
import { printOperation } from './print-operation.ts';

export interface Trial {
  readonly mapping: CompiledMapping;
  /** Sends `METHOD /path?query`; what comes back has names of resources in place of ids, as `path` may have. */
  send(line: string, body?: JsonObject): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface Outcome {
  /** One per LDAP operation. */
  readonly operations: readonly string[];
  readonly status: number;
  readonly body: JsonObject | undefined;
}

export interface TrialOptions {
  /** YAML of a mapping file. */
  readonly mapping: string;
  readonly ldif: string;
  readonly schemaLdif: readonly string[];
}

const baseUrl = 'https://scim.example.com/scim/v2';
const suffix = 'dc=example,dc=com';

/** Throws where the mapping has a problem. */
export async function startTrial(options: TrialOptions): Promise<Trial> {
  const embedded = createEmbeddedDirectory({ suffix, schemaLdif: options.schemaLdif });
  embedded.load(options.ldif);
  const { url } = await embedded.listen();
  const { dn, password } = embedded.administrator;
  const client = createDirectory({ urls: [url], bind: { dn, password } });
  const sent: SentOperation[] = [];
  const directory = watchDirectory(client, (operation) => sent.push(operation));
  const stop = async (): Promise<void> => {
    await client.close();
    await embedded.close();
  };
  try {
    const dialect = detectDialect(await client.rootDse());
    const mapping = await compile(options.mapping, {
      subschema: await client.subschema(),
      live: true,
      // As OpenLDAP does, for which the examples stand.
      matchEntryDn: true,
    });
    const gateway = createGateway({ directory, dialect, mapping });
    const ids = await readIds(client);
    const withIds = (text: string): string =>
      text.replaceAll(/<id of ([^>]+)>/g, (found, name: string) => ids.get(name) ?? found);
    const withNames = (text: string): string =>
      [...ids]
        .reduce((changed, [name, id]) => changed.replaceAll(id, `<id of ${name}>`), text)
        .replaceAll(stamps, '<version>');
    return {
      mapping,
      async send(line, body) {
        const request = parseLine(
          withIds(line),
          body === undefined ? undefined : JSON.parse(withIds(JSON.stringify(body))),
          mapping,
        );
        sent.length = 0;
        const context = { baseUrl, profile: interop, requestId: '', signal: new AbortController().signal };
        const answer = await gateway.run(request, context).catch((error: unknown) => {
          if (error instanceof ScimError) return { status: error.status, body: { detail: error.message } };
          throw error;
        });
        return {
          operations: sent.map((operation) => withNames(printOperation(operation))),
          status: answer.status,
          body:
            answer.body === undefined ? undefined : (JSON.parse(withNames(JSON.stringify(answer.body))) as JsonObject),
        };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** entryCSN, and the ETags made of it. */
const stamps = /\d{14}\.\d{6}Z#\d{6}#\d{3}#\d{6}/g;

async function compile(text: string, options: Parameters<typeof compileMapping>[1]): Promise<CompiledMapping> {
  const loaded = await loadMappingText(text, new URL('../example.yaml', import.meta.url).pathname);
  const compiled = loaded.mapping === undefined ? undefined : compileMapping(loaded.mapping, options);
  const problems = [...loaded.problems, ...(compiled?.problems ?? [])].map(printProblem);
  if (compiled?.mapping === undefined || problems.length > 0) throw new Error(`${problems.join('\n')}\n${text}`);
  return compiled.mapping;
}

async function readIds(directory: DirectoryPort): Promise<ReadonlyMap<string, string>> {
  const filter = { kind: 'present', attribute: 'objectClass' } as const;
  const search = directory.search({ base: suffix, scope: 'subtree', filter, attributes: ['uid', 'cn', 'entryUUID'] });
  const { entries } = await search.collect();
  return new Map(
    entries.flatMap((entry) => {
      const name = entry.first('uid') ?? entry.first('cn');
      const id = entry.first('entryUUID');
      return name === undefined || id === undefined ? [] : [[name, id] as const];
    }),
  );
}

function parseLine(line: string, body: unknown, mapping: CompiledMapping): ScimRequest {
  const [method = '', target = ''] = line
    .split(' ', 2)
    .map((part, index) => (index === 1 ? line.slice(line.indexOf(' ') + 1) : part));
  const [path = '', query = ''] = target.split('?', 2);
  const [, endpoint = '', id] = path.split('/');
  const found = mapping.resourceTypes.find(({ type }) => type.endpoint === `/${endpoint}`);
  if (found === undefined) throw new Error(`No endpoint for ${line}`);
  const parameters = query.split('&').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at), part.slice(at + 1)] as const];
  });
  const parts = { resourceType: found.type, profile: interop, parameters };
  if (id === undefined) {
    return method === 'POST'
      ? parseCreate({ ...parts, body })
      : parseSearch({ ...parts, limits: { defaultCount: 100, maxCount: 1000 } });
  }
  switch (method) {
    case 'GET':
      return parseRead({ ...parts, id });
    case 'PUT':
      return parseReplace({ ...parts, id, body });
    case 'PATCH':
      return parsePatchRequest({ ...parts, id, body });
    default:
      return parseDelete({ ...parts, id });
  }
}
