// The embedded directory: an LDAP server over entries in memory, for trying the gateway and for tests. In charge of
// putting schema, store and listener together; what it does not say it does as OpenLDAP 2.5 with the overlays refint,
// unique, ppolicy, sssvlv and deref. It keeps nothing beyond its life, speaks no TLS and is no directory for production,
// which its root DSE says too.
import { createServer, type Socket } from 'node:net';
import { baseLdif } from './base-ldif.ts';
import { createDirectoryState, type DirectoryStateOptions } from './create-directory-state.ts';
import { createFaultPlan, type Fault, type FaultPlan } from './faults.ts';
import { loadLdif } from './load-ldif.ts';
import { serveConnection } from './serve-connection.ts';

export interface EmbeddedDirectoryOptions extends DirectoryStateOptions {
  /** Content from the start; without it there are the suffix, `ou=people` and `ou=groups`. */
  readonly ldif?: string | Iterable<string>;
  readonly faults?: readonly Fault[];
}

export interface EmbeddedDirectory {
  readonly suffix: string;
  readonly administrator: { readonly dn: string; readonly password: string };
  /** How many entries there are. */
  readonly entries: number;
  readonly faults: FaultPlan;
  /** Adds content records, each chunk holding whole ones; returns how many. Throws `LdapError`, `LdapSyntaxError`. */
  load(ldif: string | Iterable<string>): number;
  /** Starts to listen on loopback; port 0 takes a free one. */
  listen(port?: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Closes every connection and stops to listen. */
  close(): Promise<void>;
}

/** Throws `LdapError` where the content does not fit the schema, `LdapSyntaxError` where it cannot be read. */
export function createEmbeddedDirectory(options: EmbeddedDirectoryOptions): EmbeddedDirectory {
  const state = createDirectoryState(options);
  const faults = createFaultPlan(options.faults);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, state, faults);
  });
  loadLdif(state, options.ldif ?? baseLdif(options.suffix));

  return {
    suffix: state.suffix,
    administrator: state.administrator,
    faults,
    get entries() {
      return state.store.size;
    },
    load: (ldif) => loadLdif(state, ldif),
    listen: (port = 0, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          const bound = address !== null && typeof address === 'object' ? address.port : port;
          resolve({ url: `ldap://${host}:${bound}`, port: bound });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
}
