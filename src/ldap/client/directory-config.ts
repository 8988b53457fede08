// What the operator says about a directory, checked and with defaults filled in. The one place that decides whether
// a password may go over a connection.

import type { Observe } from '../../observe/observation.ts';
import { MAX_PDU } from '../protocol/ber.ts';

export interface DirectoryConfig {
  /** `ldap://host[:389]` or `ldaps://host[:636]`, the preferred one first. */
  readonly urls: readonly string[];
  /** Absent: anonymous. */
  readonly bind?: SimpleBind | { readonly mechanism: 'EXTERNAL' };
  readonly tls?: TlsConfig;
  readonly pool?: Partial<PoolSettings>;
  readonly timeouts?: Partial<Timeouts>;
  /** Lets a password travel over `ldap://` without StartTLS to another host. */
  readonly allowPlaintext?: boolean;
  readonly observe?: Observe;
}

export interface SimpleBind {
  readonly dn: string;
  /** A function is asked anew for every connection, so that a changed secret needs no restart. */
  readonly password: string | (() => Promise<string>);
}

export interface TlsConfig {
  /** PEM; replaces the system's authorities. */
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Name to expect in the certificate, where it is not the URL's host. */
  readonly servername?: string;
  /** False accepts any certificate. Default true. */
  readonly verify?: boolean;
  /** Upgrades `ldap://` (RFC 4511 s4.14); without it the options here never touch an `ldap://` connection. */
  readonly startTls?: boolean;
}

export interface PoolSettings {
  /** Ordinary connections per server. */
  readonly size: number;
  /** Connections for paged searches per server: OpenLDAP 2.5 takes one paged search per connection. */
  readonly pagedSize: number;
  /** Operations in flight per connection; more wait in a queue. */
  readonly maxInFlight: number;
  /** Milliseconds without use after which a connection is given up. Active Directory closes at 15 minutes. */
  readonly idle: number;
  /** Milliseconds after which a connection takes no new operations; 0 is for ever. */
  readonly maxAge: number;
  /** Bytes of the longest message that is taken from a server. */
  readonly maxMessage: number;
}

/** Milliseconds. */
export interface Timeouts {
  /** For TCP, TLS and bind together. */
  readonly connect: number;
  /** For one operation, or one page of a paged search, its time in the queue included. */
  readonly operation: number;
}

export interface ServerTarget {
  /** As configured, for logs. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly security: 'ldaps' | 'startTls' | 'plain';
}

export interface ResolvedConfig {
  readonly servers: readonly ServerTarget[];
  readonly bind: DirectoryConfig['bind'];
  readonly tls: TlsConfig;
  readonly pool: PoolSettings;
  readonly timeouts: Timeouts;
  readonly observe: Observe | undefined;
}

/** A configuration that cannot be meant. The text names the option and never a secret. */
export class DirectoryConfigError extends Error {
  override readonly name = 'DirectoryConfigError';
}

const POOL: PoolSettings = {
  size: 2,
  pagedSize: 4,
  maxInFlight: 32,
  idle: 240_000,
  maxAge: 0,
  maxMessage: MAX_PDU,
};
const TIMEOUTS: Timeouts = { connect: 5_000, operation: 15_000 };

/** Throws `DirectoryConfigError`. */
export function resolveConfig(config: DirectoryConfig): ResolvedConfig {
  if (config.urls.length === 0) throw new DirectoryConfigError('urls: at least one server is needed');
  const tls = config.tls ?? {};
  const servers = config.urls.map((url) => parseServerUrl(url, tls.startTls === true));
  const pool = { ...POOL, ...config.pool };
  const timeouts = { ...TIMEOUTS, ...config.timeouts };
  for (const [name, value] of [...Object.entries(pool), ...Object.entries(timeouts)]) {
    const least = name === 'maxAge' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1) {
      throw new DirectoryConfigError(`${name}: ${value} is not a whole number from ${least} to 2147483647`);
    }
  }
  checkBind(config, servers);
  return { servers, bind: config.bind, tls, pool, timeouts, observe: config.observe };
}

function checkBind(config: DirectoryConfig, servers: readonly ServerTarget[]): void {
  const { bind } = config;
  if (bind === undefined || 'mechanism' in bind) return;
  if (bind.dn === '') throw new DirectoryConfigError('bind.dn: empty; leave bind out for an anonymous connection');
  if (bind.password === '') throw emptyPasswordError();
  if (config.allowPlaintext === true) return;
  const open = servers.find(({ security, host }) => security === 'plain' && !isLoopback(host));
  if (open === undefined) return;
  throw new DirectoryConfigError(
    `urls: the bind password would go to ${open.url} unencrypted; use ldaps://, tls.startTls or allowPlaintext`,
  );
}

/** Whether some server would be talked to unencrypted. */
export function sendsPlaintext({
  urls,
  tls,
}: Pick<DirectoryConfig, 'urls'> & { readonly tls?: Pick<TlsConfig, 'startTls'> }): boolean {
  return urls.some((url) => parseServerUrl(url, tls?.startTls === true).security === 'plain');
}

/** RFC 4513 s5.1.2: a DN with an empty password binds as nobody and succeeds. */
export function emptyPasswordError(): DirectoryConfigError {
  return new DirectoryConfigError('bind.password: empty; a directory would take that for an anonymous bind');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function parseServerUrl(text: string, startTls: boolean): ServerTarget {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:') || url.hostname === '') {
    throw new DirectoryConfigError('urls: each must be ldap://host[:port] or ldaps://host[:port]');
  }
  if (url.username !== '' || url.password !== '' || !['', '/'].includes(url.pathname) || url.search !== '') {
    throw new DirectoryConfigError(`urls: ${url.protocol}//${url.host} takes a host and a port and nothing else`);
  }
  const secure = url.protocol === 'ldaps:';
  return {
    url: `${url.protocol}//${url.host}`,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(),
    port: url.port === '' ? (secure ? 636 : 389) : Number(url.port),
    security: secure ? 'ldaps' : startTls ? 'startTls' : 'plain',
  };
}
