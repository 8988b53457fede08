import type { FileReader } from './file-reader.ts';
import type { GatewayConfig } from './gateway-config.ts';
import type { GatewayFile } from './gateway-file.ts';
import { Secret } from './secret.ts';

type Listen = NonNullable<GatewayFile['listen']>;

/** The `listen` of a gateway file. */
export function toListen(
  { listen = {}, trustedProxies = [] }: GatewayFile,
  reader: FileReader,
): GatewayConfig['listen'] {
  const tls = listen.tls === undefined ? undefined : toTls(listen.tls, reader);
  const header = listen.clientCertificateHeader;
  const at = ['listen', 'clientCertificateHeader'];
  if (header !== undefined && trustedProxies.length === 0) {
    reader.report('conflict', 'error', at, 'nobody may send it', 'name the proxies in trustedProxies');
  }
  const ca = header === undefined ? undefined : readPem([...at, 'caFile'], header.caFile, reader);
  return {
    host: listen.host ?? '127.0.0.1',
    port: listen.port ?? 8080,
    ...(tls === undefined ? {} : { tls }),
    ...(header === undefined || ca === undefined
      ? {}
      : { clientCertificateHeader: { name: header.name.toLowerCase(), ca } }),
  };
}

function toTls(tls: NonNullable<Listen['tls']>, reader: FileReader): GatewayConfig['listen']['tls'] {
  const at = ['listen', 'tls'];
  const cert = readPem([...at, 'certFile'], tls.certFile, reader);
  const key = readPem([...at, 'keyFile'], tls.keyFile, reader);
  const clientCa =
    tls.clientCaFile === undefined ? undefined : readPem([...at, 'clientCaFile'], tls.clientCaFile, reader);
  if (cert === undefined || key === undefined) return undefined;
  return { cert, key: new Secret(key), ...(clientCa === undefined ? {} : { clientCa }) };
}

function readPem(at: readonly string[], name: string, reader: FileReader): string | undefined {
  const text = reader.readText(at, name);
  if (text === undefined || text.includes('-----BEGIN ')) return text;
  reader.report('wrongValue', 'error', at, `${name} holds nothing in PEM form`);
  return undefined;
}
