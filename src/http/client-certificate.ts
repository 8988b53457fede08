// The certificate of a client: of the TLS connection, or out of the header by which a proxy that ends TLS hands it on. Such
// a header counts from trusted proxies alone, as anyone can send one; and what it says is held against the operator's own
// authorities, since proxies can be told to hand on certificates that they have not checked.
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../auth/method.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

export interface CertificateHeader {
  /** In lower case. */
  readonly name: string;
  /** PEM: authorities, intermediate ones too. */
  readonly ca: string;
}

export type ReadCertificate = (request: IncomingMessage) => ClientCertificate | undefined;

const longestHeader = 16_384;
/** Extended key usage (RFC 5280 s4.2.1.12). */
const clientAuthentication = '1.3.6.1.5.5.7.3.2';

export function createReadCertificate(proxies: TrustedProxies, header?: CertificateHeader): ReadCertificate {
  const ofSocket = new WeakMap<TLSSocket, ClientCertificate | undefined>();
  const authorities = header === undefined ? [] : readAuthorities(header.ca);
  return (request) => {
    if (header !== undefined && proxies.isBehind(request)) {
      // The connection is the proxy's, and so is its certificate.
      const [value, ...others] = request.headersDistinct[header.name] ?? [];
      const x509 = value === undefined || others.length > 0 ? undefined : parseCertificate(value);
      return x509 === undefined ? undefined : { x509, trusted: isTrusted(x509, authorities) };
    }
    const { socket } = request;
    if (!(socket instanceof TLSSocket)) return undefined;
    if (!ofSocket.has(socket)) {
      const x509 = socket.getPeerX509Certificate();
      ofSocket.set(socket, x509 === undefined ? undefined : { x509, trusted: socket.authorized });
    }
    return ofSocket.get(socket);
  };
}

/** Throws where a part of the text is no certificate. */
export function readAuthorities(pem: string): readonly X509Certificate[] {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return parts.map((part) => new X509Certificate(part)).filter(({ ca }) => ca);
}

/** `:base64:` of RFC 9440, PEM with the escapes of URLs (nginx, Traefik), or the bare base64 of its octets (HAProxy, Apache). */
function parseCertificate(header: string): X509Certificate | undefined {
  if (header.length > longestHeader) return undefined;
  try {
    const text = header.includes('%') ? decodeURIComponent(header) : header;
    const base64 = text.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|^:|:$|\s/g, '');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function isTrusted(x509: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  const usage: readonly string[] | undefined = x509.keyUsage;
  if (usage !== undefined && !usage.includes(clientAuthentication)) return false;
  const now = Date.now();
  return authorities.some(
    (authority) =>
      authority.validFromDate.getTime() <= now &&
      now <= authority.validToDate.getTime() &&
      x509.checkIssued(authority) &&
      x509.verify(authority.publicKey),
  );
}
