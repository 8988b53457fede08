// A gateway over the embedded directory that tells which LDAP operations a request becomes. The examples in the
// documents are what it says. Ids, versions and times differ from run to run, so words stand in for them.
import { printOperation } from '../../src/explain/print-operation.ts';
import { readRequest } from '../../src/explain/read-request.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { defaultLimits } from '../../src/gateway/gateway.ts';
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
import { interop } from '../../src/scim/profile.ts';
import type { ScimRequest } from '../../src/scim/request.ts';
import { printProblem } from '../../src/util/problem.ts';

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
        const context = {
          baseUrl,
          profile: interop,
          requestId: '',
          access: undefined,
          signal: new AbortController().signal,
        };
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
  const space = line.indexOf(' ');
  const types = mapping.resourceTypes.map(({ type }) => type);
  const written = { method: line.slice(0, space), target: line.slice(space + 1), body };
  return readRequest(written, { types, limits: defaultLimits, profile: interop });
}
