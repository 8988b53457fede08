// The directory as the gateway sees it (`DirectoryPort`), over LDAP. In charge of what an operation's outcome means: which
// result codes are errors, what may be tried once more on another connection, what is kept. It leaves connections to
// `pool.ts`, servers to `servers.ts` and bytes to `protocol`.
import type { LdapEntry } from '../entry.ts';
import { LdapConnectionError, LdapError, LdapTimeoutError } from '../errors.ts';
import type { LdapResult, RequestControl, SearchRequest, SearchResult } from '../operations.ts';
import type { DirectoryPort, OperationOptions, SearchStream } from '../port.ts';
import { decodeGeneratedPassword, encodePasswordModify } from '../protocol/extended.ts';
import { extendedOid } from '../protocol/oids.ts';
import { resultCode } from '../result-codes.ts';
import { parseSubschema } from '../subschema/parse-subschema.ts';
import type { Subschema } from '../subschema/subschema.ts';
import { DN_SYNTAX } from '../syntaxes/distinguished-name.ts';
import type { LdapConnection } from './connection.ts';
import { type DirectoryConfig, resolveConfig } from './directory-config.ts';
import { plainDn, readExtendedDns } from './extended-dns.ts';
import type { ExchangeRequest, FinalResponse } from './operation.ts';
import { runPagedSearch } from './paged-search.ts';
import { raceSignal } from './race-signal.ts';
import { createSearchStream, type SearchSink } from './search-stream.ts';
import { createServers } from './servers.ts';
import { isCut } from './value-ranges.ts';
import { createWholeEntries, type WholeEntries } from './whole-entries.ts';

export interface Directory extends DirectoryPort {
  /** The authorization identity of the connections (RFC 4532): `dn:...`, or empty for anonymous. */
  whoAmI(options?: OperationOptions): Promise<string>;
  /** Tells how things stand with the connections to each server, as observations. */
  tellState(): void;
}

/** Opens nothing yet. Throws `DirectoryConfigError` where the configuration cannot be meant. */
export function createDirectory(config: DirectoryConfig): Directory {
  const resolved = resolveConfig(config);
  const servers = createServers(resolved);
  const timeout = resolved.timeouts.operation;
  const { observe } = resolved;

  /** Tries once more on a fresh connection where `again` allows it after the connection has failed. */
  async function onConnection<T>(
    signal: AbortSignal | undefined,
    again: (error: LdapConnectionError) => boolean,
    use: (connection: LdapConnection) => Promise<T>,
  ): Promise<T> {
    const first = servers.take() ?? (await raceSignal(servers.acquire(), signal));
    try {
      return await use(first);
    } catch (error) {
      if (!(error instanceof LdapConnectionError) || error instanceof LdapTimeoutError || !again(error)) throw error;
      return use(await raceSignal(servers.acquire({ fresh: true }), signal));
    }
  }

  async function exchange(
    request: ExchangeRequest,
    { signal }: OperationOptions,
    again: (error: LdapConnectionError) => boolean,
  ): Promise<FinalResponse> {
    return observed(request.kind, () =>
      onConnection(signal, again, (connection) => connection.run(request, { timeout, signal })),
    );
  }

  /** A write may be repeated only where it has certainly not been applied. */
  const write = (request: ExchangeRequest, options: OperationOptions): Promise<FinalResponse> =>
    exchange(request, options, (error) => !error.mayBeApplied);
  const read = (request: ExchangeRequest, options: OperationOptions): Promise<FinalResponse> =>
    exchange(request, options, () => true);

  async function observed(operation: string, run: () => Promise<FinalResponse>): Promise<FinalResponse> {
    if (observe === undefined) return run();
    const start = performance.now();
    const tell = (code: number | 'timeout' | 'connection'): void =>
      observe({ kind: 'ldapOperation', operation, code, milliseconds: performance.now() - start });
    try {
      const response = await run();
      tell(response.result.code);
      return response;
    } catch (error) {
      tell(error instanceof LdapError ? error.code : error instanceof LdapTimeoutError ? 'timeout' : 'connection');
      throw error;
    }
  }

  function search(request: SearchRequest, { signal }: OperationOptions = {}): SearchStream {
    return createSearchStream((sink) => fillSearch(request, signal, sink));
  }

  async function fillSearch(
    request: SearchRequest,
    signal: AbortSignal | undefined,
    sink: SearchSink,
  ): Promise<SearchResult> {
    const references: string[] = [];
    let delivered = false;
    const extended = request.controls?.some(({ kind }) => kind === 'extendedDn') === true;
    const show = extended ? await extendedDnReader(signal) : undefined;
    // Made for the first entry that does not come as it is to be handed on: few searches have any.
    let whole = undefined as WholeEntries | undefined;
    const handlers = {
      timeout,
      signal,
      onEntry(entry: LdapEntry): void {
        delivered = true;
        if (show === undefined && !isCut(entry)) {
          sink.push(entry);
          return;
        }
        whole ??= createWholeEntries(
          (complete) => sink.push(show === undefined ? complete : show(complete)),
          (dn, attributes) => {
            if (sink.cancelled()) throw new Error('the reader has left');
            return readMore(extended ? plainDn(dn) : dn, attributes, extended ? EXTENDED_DN : [], signal);
          },
        );
        whole.take(entry);
      },
      onReference(urls: readonly string[]): void {
        delivered = true;
        references.push(...urls);
      },
    };
    const again = (): boolean => !delivered && !sink.cancelled();
    const { pageSize, sizeLimit: most = 0 } = request;
    const { result, controls } = await observed('search', () => {
      if (pageSize === undefined) {
        return onConnection(signal, again, (connection) => {
          const stop = (reason: Error): void => running.abandon(reason);
          const options = most === 0 ? handlers : { ...handlers, onEntry: upTo(most, handlers.onEntry, stop) };
          const running = connection.start({ kind: 'search', ...request }, options);
          sink.onCancel(running.abandon);
          return running.response;
        });
      }
      const options = { ...handlers, pageSize, settled: async () => whole?.settled() };
      return onLease(signal, again, (connection) => runPagedSearch(connection, request, sink, options));
    });
    await whole?.settled();
    if (result.code !== resultCode.success) throw errorOf({ result });
    return { code: result.code, controls, references };
  }

  /** More of an entry that a search has found; undefined where it is gone. */
  async function readMore(
    base: string,
    attributes: readonly string[],
    controls: readonly RequestControl[],
    signal: AbortSignal | undefined,
  ): Promise<LdapEntry | undefined> {
    let found: LdapEntry | undefined;
    const onEntry = (entry: LdapEntry): void => {
      found = entry;
    };
    const request = { kind: 'search', ...BASE, base, attributes, controls } as const;
    const again = (): boolean => true;
    const { result } = await observed('search', () =>
      onConnection(signal, again, (connection) => connection.run(request, { timeout, signal, onEntry })),
    );
    if (result.code === resultCode.noSuchObject) return undefined;
    if (result.code !== resultCode.success) throw errorOf({ result });
    return found;
  }

  async function extendedDnReader(signal: AbortSignal | undefined): Promise<(entry: LdapEntry) => LdapEntry> {
    const schema = await raceSignal(subschema(), signal);
    return (entry) => readExtendedDns(entry, (attribute) => schema.attributeType(attribute)?.syntax === DN_SYNTAX);
  }

  async function onLease<T>(
    signal: AbortSignal | undefined,
    again: () => boolean,
    use: (connection: LdapConnection) => Promise<T>,
  ): Promise<T> {
    const attempt = async (): Promise<T> => {
      const lease = await raceSignal(servers.lease(), signal, (late) => late.release());
      try {
        return await use(lease.connection);
      } finally {
        lease.release();
      }
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof LdapConnectionError) || error instanceof LdapTimeoutError || !again()) throw error;
      return attempt();
    }
  }

  async function readRootDse(): Promise<LdapEntry> {
    const stream = search({ ...BASE, base: '', attributes: ['*', '+'] });
    return onlyEntry(await stream.collect(), 'the root DSE');
  }

  async function readSubschema(): Promise<Subschema> {
    const base = (await rootDse()).first('subschemaSubentry');
    if (base === undefined) throw new LdapError(resultCode.noSuchObject, 'the root DSE names no subschema');
    // Operational attributes come only by name (RFC 4512 s4.4).
    const stream = search({ ...BASE, base, attributes: ['attributeTypes', 'objectClasses'] });
    const entry = onlyEntry(await stream.collect(), 'the subschema');
    return parseSubschema({
      attributeTypes: entry.strings('attributeTypes'),
      objectClasses: entry.strings('objectClasses'),
    });
  }

  const rootDse = keep(readRootDse);
  const subschema = keep(readSubschema);

  return {
    search,
    add: async (request, options = {}) => success(await write({ kind: 'add', ...request }, options)),
    modify: async (request, options = {}) => success(await write({ kind: 'modify', ...request }, options)),
    modifyDn: async (request, options = {}) => success(await write({ kind: 'modifyDn', ...request }, options)),
    delete: async (request, options = {}) => success(await write({ kind: 'delete', ...request }, options)),
    async compare(request, options = {}) {
      const response = await read({ kind: 'compare', ...request }, options);
      if (response.result.code === resultCode.compareTrue) return true;
      if (response.result.code === resultCode.compareFalse) return false;
      throw errorOf(response);
    },
    async passwordModify(request, options = {}) {
      const value = encodePasswordModify(request);
      const response = await write({ kind: 'extended', name: extendedOid.passwordModify, value }, options);
      success(response);
      const made = response.value === undefined ? undefined : decodeGeneratedPassword(response.value);
      return made === undefined ? undefined : passwordText(made);
    },
    async whoAmI(options = {}) {
      const response = await read({ kind: 'extended', name: extendedOid.whoAmI }, options);
      success(response);
      return response.value?.toString('utf8') ?? '';
    },
    rootDse: ({ signal } = {}) => raceSignal(rootDse(), signal),
    subschema: ({ signal } = {}) => raceSignal(subschema(), signal),
    tellState: () => servers.tellState(),
    close: () => servers.close(),
  };
}

const EXTENDED_DN = [{ kind: 'extendedDn' }] as const;

const BASE = { scope: 'base', filter: { kind: 'present', attribute: 'objectClass' } } as const;

function errorOf({ result }: Pick<FinalResponse, 'result'>): LdapError {
  return new LdapError(result.code, result.diagnosticMessage, result.matchedDn, result.referrals);
}

function success(response: FinalResponse): LdapResult {
  if (response.result.code !== resultCode.success) throw errorOf(response);
  return { code: response.result.code, controls: response.controls };
}

function onlyEntry({ entries }: { readonly entries: readonly LdapEntry[] }, what: string): LdapEntry {
  const [entry] = entries;
  if (entry === undefined) throw new LdapError(resultCode.noSuchObject, `${what} cannot be read`);
  return entry;
}

/** Samba 4.17 does not obey a limit of entries and goes on with all that there are: it is told to stop. */
function upTo(
  most: number,
  take: (entry: LdapEntry) => void,
  stop: (reason: LdapError) => void,
): (entry: LdapEntry) => void {
  let count = 0;
  return (entry) => {
    count += 1;
    if (count <= most) take(entry);
    else stop(new LdapError(resultCode.sizeLimitExceeded, 'more entries than were asked for'));
  };
}

/** One reading for all who ask; a failed one is forgotten. */
function keep<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= read().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

/** Passwords are octets (RFC 3062 s2). What is not UTF-8 becomes one character per octet, so that nothing is lost. */
function passwordText(octets: Buffer): string {
  const text = octets.toString('utf8');
  return Buffer.from(text, 'utf8').equals(octets) ? text : octets.toString('latin1');
}
