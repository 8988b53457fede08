// A search by simple paged results (RFC 2696) on a connection of its own: page after page, each when the reader has
// taken the one before.
import type { LdapEntry } from '../entry.ts';
import type { RequestControl, ResponseControls, SearchRequest } from '../operations.ts';
import { resultCode } from '../result-codes.ts';
import type { LdapConnection } from './connection.ts';
import type { FinalResponse, RunningOperation } from './operation.ts';
import { raceSignal } from './race-signal.ts';
import type { SearchSink } from './search-stream.ts';

export interface PageOptions {
  readonly pageSize: number;
  /** Milliseconds for one page. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly onEntry: (entry: LdapEntry) => void;
  readonly onReference: (urls: readonly string[]) => void;
  /** Resolves when the entries of the page have been handed on. */
  readonly settled: () => Promise<void>;
}

const FIRST = Buffer.alloc(0);

/**
 * Ends with the response to the last page: an empty cookie (an empty page may have one that is not), a result code
 * other than success, or a page after which the reader has left. Controls of earlier pages are kept where the last has
 * none of the kind. `sizeLimit` is held here, because servers differ in whether it counts one page or all.
 */
export async function runPagedSearch(
  connection: LdapConnection,
  request: SearchRequest,
  sink: SearchSink,
  options: PageOptions,
): Promise<FinalResponse> {
  const { sizeLimit: most = 0 } = request;
  let controls: ResponseControls = {};
  let cookie: Buffer = FIRST;
  let count = 0;
  let pending: RunningOperation | undefined;
  const onEntry = (entry: LdapEntry): void => {
    count += 1;
    options.onEntry(entry);
  };
  sink.onCancel((reason) => pending?.abandon(reason));
  if (sink.cancelled()) throw new Error('the reader has left');
  for (;;) {
    const size = most === 0 ? options.pageSize : Math.min(options.pageSize, most - count);
    pending = connection.start(pageRequest(request, size, cookie), { ...options, onEntry });
    const response = await pending.response;
    pending = undefined;
    controls = { ...controls, ...response.controls };
    cookie = response.controls.pagedResults?.cookie ?? FIRST;
    if (response.result.code !== resultCode.success || cookie.length === 0) return { ...response, controls };
    if (most > 0 && count >= most) {
      await forgetPages(connection, request, cookie, options.timeout);
      return { ...response, controls, result: { ...response.result, code: resultCode.sizeLimitExceeded } };
    }
    try {
      await options.settled();
      await raceSignal(sink.wanted(), options.signal);
    } catch (error) {
      await forgetPages(connection, request, cookie, options.timeout);
      throw error;
    }
    if (!sink.cancelled()) continue;
    await forgetPages(connection, request, cookie, options.timeout);
    return { ...response, controls };
  }
}

function pageRequest(request: SearchRequest, size: number, cookie: Buffer): { kind: 'search' } & SearchRequest {
  const control: RequestControl = { kind: 'pagedResults', size, cookie };
  return { kind: 'search', ...request, controls: [...(request.controls ?? []), control] };
}

/** Tells the server that nobody wants the rest (RFC 2696 s3). Nothing depends on its answer. */
async function forgetPages(
  connection: LdapConnection,
  request: SearchRequest,
  cookie: Buffer,
  timeout: number,
): Promise<void> {
  await connection.run(pageRequest(request, 0, cookie), { timeout }).catch(() => undefined);
}
