import { isIP } from 'node:net';
import type { FileReader } from './file-reader.ts';
import type { DirectorySettings } from './gateway-config.ts';
import type { DirectoryBlock } from './gateway-file.ts';
import { Secret } from './secret.ts';

/** The `directory` of a gateway file. */
export function toDirectorySettings(block: DirectoryBlock, reader: FileReader): DirectorySettings {
  checkTransport(block, reader);
  const bind = toBind(block, reader);
  const { timeouts = {}, pool = {} } = block;
  return {
    urls: block.urls,
    ...(bind === undefined ? {} : { bind }),
    allowPlaintext: block.allowPlaintext ?? false,
    tls: toTls(block.tls ?? {}, reader),
    timeouts: {
      connectSeconds: timeouts.connectSeconds ?? 5,
      operationSeconds: timeouts.operationSeconds ?? 15,
    },
    pool: {
      size: pool.size ?? 2,
      pagedSize: pool.pagedSize ?? 4,
      maxInFlight: pool.maxInFlight ?? 32,
      idleSeconds: pool.idleSeconds ?? 240,
    },
  };
}

const passwordKeys = { password: 'literal', passwordFile: 'file', passwordEnv: 'environment' } as const;

function toBind({ bind, tls }: DirectoryBlock, reader: FileReader): DirectorySettings['bind'] {
  if (bind === undefined) return undefined;
  const at = ['directory', 'bind'];
  const { dn, mechanism, ...passwords } = bind;
  if (mechanism !== undefined) {
    if (Object.keys(bind).length > 1) reader.report('conflict', 'error', at, 'mechanism stands alone');
    if (tls?.certFile === undefined) reader.report('conflict', 'error', at, 'EXTERNAL needs tls.certFile and keyFile');
    return { mechanism };
  }
  if (dn === undefined) {
    reader.report('missingKey', 'error', at, '"dn" is missing', 'leave bind out for an anonymous gateway');
    return undefined;
  }
  const secret = reader.readSecret(at, passwords, passwordKeys);
  if (secret?.key === 'password') {
    const message = 'a password stands in the file';
    reader.report('literalSecret', 'warning', [...at, 'password'], message, 'use passwordFile or passwordEnv');
  }
  return secret === undefined ? undefined : { dn, password: new Secret(secret.value) };
}

function toTls(tls: NonNullable<DirectoryBlock['tls']>, reader: FileReader): DirectorySettings['tls'] {
  const at = ['directory', 'tls'];
  if (tls.verify === false) {
    const message = 'anyone on the way can pose as the directory';
    reader.report('insecureTransport', 'warning', [...at, 'verify'], message, 'set caFile instead');
  }
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    reader.report('conflict', 'error', at, 'certFile and keyFile go together');
  }
  const pem = (key: 'caFile' | 'certFile' | 'keyFile'): string | undefined => {
    const name = tls[key];
    const text = name === undefined ? undefined : reader.readText([...at, key], name);
    // TLS passes over what it cannot read, and the connection fails for another reason later.
    if (text !== undefined && !text.includes('-----BEGIN ')) {
      reader.report('wrongValue', 'error', [...at, key], `${name} holds nothing in PEM form`);
    }
    return text;
  };
  const [ca, cert, key] = [pem('caFile'), pem('certFile'), pem('keyFile')];
  return {
    startTls: tls.startTls ?? false,
    verify: tls.verify ?? true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: new Secret(key) }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
  };
}

function checkTransport(block: DirectoryBlock, reader: FileReader): void {
  const startTls = block.tls?.startTls === true;
  const sendsPassword = block.bind?.dn !== undefined;
  for (const [index, url] of block.urls.entries()) {
    const at = ['directory', 'urls', String(index)];
    const { protocol, hostname, port } = URL.parse(url) ?? { protocol: '', hostname: '', port: '' };
    if (hostname === '' || port === '0') {
      reader.report('wrongValue', 'error', at, 'has no usable host or port');
    } else if (protocol === 'ldaps:' && startTls) {
      reader.report('conflict', 'error', at, 'ldaps:// and startTls exclude one another', 'use ldap:// with startTls');
    } else if (protocol === 'ldap:' && !startTls && sendsPassword && !isLoopback(hostname)) {
      const severity = block.allowPlaintext === true ? 'warning' : 'error';
      const message = 'the password would cross the network unencrypted';
      reader.report('insecureTransport', severity, at, message, 'use ldaps:// or tls.startTls');
    }
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}
