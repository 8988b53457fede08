import type { Gateway } from '../gateway/gateway.ts';
import { formatEtag } from '../scim/etag.ts';
import type { ScimRequest } from '../scim/request.ts';
import type { Exchange, Reply } from './exchange.ts';

/** Parses, runs, and gives the gateway's answer its headers: Location and ETag where it is about one resource. */
export async function runRequest(gateway: Gateway, exchange: Exchange, parse: () => ScimRequest): Promise<Reply> {
  const request = await exchange.stage('parse', parse);
  // The answer may have been given up while the body was still coming; then nothing may happen any more.
  exchange.context.signal.throwIfAborted();
  const { status, body, location, version } = await exchange.stage('gateway', () =>
    gateway.run(request, exchange.context),
  );
  const headers: Record<string, string> = {};
  if (location !== undefined) headers['Location'] = location;
  if (version !== undefined) headers['ETag'] = formatEtag(version);
  if ('prefer' in request) headers['Preference-Applied'] = `return=${request.prefer}`;
  return body === undefined ? { status, headers } : { status, headers, body };
}
