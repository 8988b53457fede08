// The URL under which clients reach the gateway: everything in `meta.location` and `$ref` begins with it. Without a
// configured public URL it is put together from the Host header; forwarding headers count only where they come from a
// proxy that the operator trusts, since anyone can send them.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { ScimError } from '../scim/error.ts';

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
  const trusted = compileNetworks(options.trustedProxies);
  return (request) => {
    const behindProxy = trusted(request.socket.remoteAddress);
    const forwarded = (name: string): string | undefined =>
      behindProxy ? firstValue(request.headers[name]) : undefined;
    const ownScheme = 'encrypted' in request.socket ? 'https' : 'http';
    const scheme = forwarded('x-forwarded-proto')?.toLowerCase() === 'https' ? 'https' : ownScheme;
    const host = forwarded('x-forwarded-host') ?? getHost(request);
    const prefix = forwarded('x-forwarded-prefix') ?? '';
    if (!hostForm.test(host) || !prefixForm.test(prefix)) throw badHost();
    return `${scheme}://${host}${prefix.replace(/\/$/, '')}${basePath}`;
  };
}

/** RFC 9112 s3.2: an HTTP/1.1 request without Host is malformed. */
function getHost(request: IncomingMessage): string {
  const host = request.headers.host;
  if (host !== undefined && host !== '') return host;
  if (request.httpVersion === '1.0') return `${bracketed(request.socket.localAddress)}:${request.socket.localPort}`;
  throw badHost();
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

function compileNetworks(networks: readonly string[]): (address: string | undefined) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => address !== undefined && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
