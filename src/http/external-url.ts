// The URL under which clients reach the gateway: everything in `meta.location` and `$ref` begins with it. Without a
// configured public URL it is put together from the Host header; forwarding headers count only where they come from a
// proxy that the operator trusts, since anyone can send them.
import type { IncomingMessage } from 'node:http';
import { ScimError } from '../scim/error.ts';
import { authorityOf } from './request-target.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

export interface ExternalUrlOptions {
  /** Without a trailing slash; wins over everything. */
  readonly publicUrl?: string;
  /** Path below which requests arrive here: empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
  /** Addresses and networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
}

/** The external base URL of a request, without a trailing slash. Throws `ScimError` 400 where the Host is unusable. */
export type ExternalUrl = (request: IncomingMessage) => string;

const hostForm = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const prefixForm = /^(?:\/[A-Za-z0-9._~-]+)*\/?$/;

export function createExternalUrl(options: ExternalUrlOptions): ExternalUrl {
  const { publicUrl, basePath } = options;
  if (publicUrl !== undefined) {
    return (request) => {
      getHost(request);
      return publicUrl;
    };
  }
  const forwardedTo = createForwarded(options.trustedProxies);
  const externalHost = createExternalHost(options.trustedProxies);
  return (request) => {
    const forwarded = forwardedTo(request);
    const ownScheme = 'encrypted' in request.socket ? 'https' : 'http';
    const scheme = forwarded('x-forwarded-proto')?.toLowerCase() === 'https' ? 'https' : ownScheme;
    const prefix = forwarded('x-forwarded-prefix') ?? '';
    if (!prefixForm.test(prefix)) throw badHost();
    return `${scheme}://${externalHost(request)}${prefix.replace(/\/$/, '')}${basePath}`;
  };
}

/** Host, with a port where there is one, by which the client reached the gateway. Throws `ScimError` 400. */
export function createExternalHost(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const forwardedTo = createForwarded(trustedProxies);
  return (request) => {
    const host = forwardedTo(request)('x-forwarded-host') ?? getHost(request);
    if (!hostForm.test(host)) throw badHost();
    return host;
  };
}

/** The headers by which a proxy tells what the client asked for; of a proxy that is not trusted none. */
function createForwarded(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => (name: string) => string | undefined {
  const proxies = createTrustedProxies(trustedProxies);
  const none = () => undefined;
  return (request) => (proxies.isBehind(request) ? (name) => firstValue(request.headers[name]) : none);
}

/** RFC 9112 s3.2: an HTTP/1.1 request has one Host header, and s3.2.2: an absolute URL counts before it. */
function getHost(request: IncomingMessage): string {
  const host = request.headers.host ?? '';
  if (hasTwoHosts(request.rawHeaders)) throw badHost();
  if (host === '' && request.httpVersion !== '1.0') throw badHost();
  const ofTarget = request.url?.startsWith('/') === false ? authorityOf(request.url) : undefined;
  if (ofTarget !== undefined) return ofTarget;
  return host === '' ? `${bracketed(request.socket.localAddress)}:${request.socket.localPort}` : host;
}

/** Node keeps the first of them; whoever stands in front may have gone by another. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

function badHost(): ScimError {
  return new ScimError(400, undefined, 'The Host header is missing or malformed.');
}

function bracketed(address = 'localhost'): string {
  return address.includes(':') ? `[${address}]` : address;
}

function firstValue(header: string | readonly string[] | undefined): string | undefined {
  const first = [header].flat()[0]?.split(',')[0]?.trim();
  return first === '' ? undefined : first;
}
