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
  return {
    status,
    headers: {
      ...(location !== undefined && { Location: location }),
      ...(version !== undefined && { ETag: formatEtag(version) }),
      ...('prefer' in request && { 'Preference-Applied': `return=${request.prefer}` }),
    },
    ...(body !== undefined && { body }),
  };
}
