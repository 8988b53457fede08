// From a server's address to a connection that is ready for work: TCP, TLS, bind. All within one time limit; what fails
// half-way leaves nothing open. Certificates are verified unless the operator says otherwise.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import { LdapConnectionError, LdapError, LdapTimeoutError } from '../errors.ts';
import { decodeResponse } from '../protocol/decode-response.ts';
import { encodeRequest } from '../protocol/encode-request.ts';
import { createFrameSplitter } from '../protocol/frame.ts';
import type { BindRequest } from '../protocol/message.ts';
import { extendedOid } from '../protocol/oids.ts';
import { resultCode } from '../result-codes.ts';
import { LdapConnection } from './connection.ts';
import { emptyPasswordError, type ResolvedConfig, type ServerTarget, type TlsConfig } from './directory-config.ts';
import { raceSignal } from './race-signal.ts';

/**
 * Rejects with `LdapConnectionError` (never `mayBeApplied`), `LdapTimeoutError`, or `LdapError` where the server refused
 * the bind or StartTLS. `signal` gives up at once.
 */
export async function openConnection(
  server: ServerTarget,
  config: ResolvedConfig,
  signal?: AbortSignal,
): Promise<LdapConnection> {
  const { connect: limit } = config.timeouts;
  const expiry = AbortSignal.timeout(limit);
  const given = signal === undefined ? expiry : AbortSignal.any([expiry, signal]);
  try {
    return await openWithin(server, config, given);
  } catch (error) {
    if (error instanceof LdapError) throw error;
    if (!given.aborted && error instanceof LdapConnectionError) throw error;
    if (expiry.aborted) {
      throw new LdapTimeoutError(`${server.url}: no connection within ${limit} ms`, { mayBeApplied: false });
    }
    throw new LdapConnectionError(`${server.url}: ${reasonOf(error)}`, { mayBeApplied: false, cause: error });
  }
}

/** The error's own words, and what an operator can do about the failures of TLS that say too little. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'the server does not speak TLS on this port';
  const hint = tlsHints[code];
  return hint === undefined ? error.message : `${error.message.split(';')[0]} (${hint})`;
}

const unknownAuthority = 'tls.caFile has to hold the authority that signed it';
const tlsHints: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: 'connect by a name that is in the certificate, or set tls.servername to it',
};

async function openWithin(server: ServerTarget, config: ResolvedConfig, signal: AbortSignal): Promise<LdapConnection> {
  const plain = connectTcp({
    host: server.host,
    port: server.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  });
  let socket = plain;
  const giveUp = (): void => void plain.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await ready(plain, 'connect');
    if (server.security === 'startTls') await startTls(plain);
    if (server.security !== 'plain') {
      const secure = connectTls(tlsOptions(plain, server, config.tls));
      socket = secure;
      await ready(secure, 'secureConnect');
    }
    const connection = new LdapConnection(socket, { server: server.url, ...config.pool });
    await bind(connection, config, signal);
    return connection;
  } catch (error) {
    socket.destroy();
    plain.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Resolves on `event`, rejects on an error or where the socket closes before. */
function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('the server closed the connection'));
    // Stays: a late error of a socket that is already given up must not end the process.
    socket.on('error', reject);
    socket.once('close', onClose);
    socket.once(event, () => {
      socket.removeListener('close', onClose);
      resolve();
    });
  });
}

function tlsOptions(socket: Socket, { host }: ServerTarget, tls: TlsConfig): TlsOptions {
  const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined);
  return {
    socket,
    host,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.verify ?? true,
    ...(servername === undefined ? {} : { servername }),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
}

/**
 * RFC 4511 s4.14, before anything else is on the connection. Bytes behind the answer were put there by somebody who
 * cannot speak TLS, so they end the connection.
 */
function startTls(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer: Error | 'success' | undefined;
    const splitter = createFrameSplitter((pdu) => {
      answer = answer === undefined ? readStartTls(pdu) : new Error('data before TLS was set up');
    });
    const onData = (chunk: Buffer): void => {
      try {
        splitter.push(chunk);
        if (answer === 'success' && splitter.partial) answer = new Error('data before TLS was set up');
      } catch (error) {
        answer = error instanceof Error ? error : new Error(String(error));
      }
      if (answer === undefined) return;
      settle();
      if (answer === 'success') resolve();
      else reject(answer);
    };
    const onClose = (): void => {
      settle();
      reject(new Error('the server closed the connection instead of starting TLS'));
    };
    const settle = (): void => {
      socket.pause();
      socket.removeListener('data', onData);
      socket.removeListener('close', onClose);
    };
    socket.on('error', reject);
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(encodeRequest(1, { kind: 'extended', name: extendedOid.startTls }));
  });
}

function readStartTls(pdu: Buffer): Error | 'success' {
  const { response } = decodeResponse(pdu);
  if (response?.kind !== 'extended') return new Error('the server did not answer StartTLS');
  const { code, diagnosticMessage } = response.result;
  return code === resultCode.success ? 'success' : new LdapError(code, `StartTLS refused: ${diagnosticMessage}`);
}

async function bind(connection: LdapConnection, config: ResolvedConfig, signal: AbortSignal): Promise<void> {
  if (config.bind === undefined) return;
  const request = await raceSignal(bindRequest(config.bind), signal);
  const { result } = await connection.run({ kind: 'bind', ...request }, { signal, timeout: config.timeouts.connect });
  if (result.code === resultCode.success) return;
  const who = request.dn === '' ? 'by client certificate' : `as ${request.dn}`;
  const text = `bind to ${connection.server} ${who} refused: ${result.diagnosticMessage}`;
  connection.destroy('the bind was refused');
  throw new LdapError(result.code, text, result.matchedDn, result.referrals);
}

async function bindRequest(bind: NonNullable<ResolvedConfig['bind']>): Promise<BindRequest> {
  if ('mechanism' in bind) return { dn: '', authentication: { kind: 'sasl', mechanism: bind.mechanism } };
  const password = typeof bind.password === 'string' ? bind.password : await bind.password();
  if (password === '') throw emptyPasswordError();
  return { dn: bind.dn, authentication: { kind: 'simple', password } };
}
