// The embedded directory: an LDAP server over entries in memory, for trying the gateway and for tests. In charge of
// putting schema, store and listener together; what it does not say it does as OpenLDAP 2.5 with the overlays refint,
// unique, ppolicy, sssvlv and deref. It keeps nothing beyond its life, speaks no TLS and is no directory for production,
// which its root DSE says too.
import { createServer, type Socket } from 'node:net';
import { LdapError } from '../errors.ts';
import { LdifError, parseLdif, parseSchemaLdif } from '../ldif.ts';
import { extendSubschema, type SchemaDefinitions } from '../subschema/parse-subschema.ts';
import { standardDefinitions, standardSubschema } from '../subschema/standard.ts';
import { applyLoad } from './apply-add.ts';
import { baseLdif } from './base-ldif.ts';
import { createChangeNumbers } from './change-numbers.ts';
import { createAttributeLookup } from './describe-attribute.ts';
import type { DirectoryState, UniquenessRule } from './directory-state.ts';
import { EntryStore } from './entry-store.ts';
import { createFaultPlan, type Fault, type FaultPlan } from './faults.ts';
import { createObjectClasses } from './object-classes.ts';
import { serveConnection } from './serve-connection.ts';
import { createValueSharing } from './share-values.ts';
import { createRootDse, createSubschemaEntry } from './special-entries.ts';

export interface EmbeddedDirectoryOptions {
  readonly suffix: string;
  /** Who may do everything. Default `cn=scim,<suffix>` with the password `secret`. */
  readonly administrator?: { readonly dn: string; readonly password: string };
  /** Content from the start; without it there are the suffix, `ou=people` and `ou=groups`. */
  readonly ldif?: string | Iterable<string>;
  /** More schema, in the form of OpenLDAP's `cn=schema,cn=config`. */
  readonly schemaLdif?: readonly string[];
  /** Default: uid and mail below `ou=people,<suffix>`. */
  readonly unique?: readonly UniquenessRule[];
  /** Stands where the last value of a reference went. Default `cn=nobody,<suffix>`. */
  readonly nobody?: string;
  /** Answer `memberOf` from the groups' `member`, as a memberof overlay would. Default false. */
  readonly memberOf?: boolean;
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
  const state = createState(options);
  const faults = createFaultPlan(options.faults);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, state, faults);
  });
  load(state, options.ldif ?? baseLdif(options.suffix));

  return {
    suffix: state.suffix,
    administrator: state.administrator,
    faults,
    get entries() {
      return state.store.size;
    },
    load: (ldif) => load(state, ldif),
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

function createState(options: EmbeddedDirectoryOptions): DirectoryState {
  const { suffix, schemaLdif = [] } = options;
  const extra = schemaLdif.map(parseSchemaLdif);
  const definitions: SchemaDefinitions = {
    attributeTypes: [standardDefinitions, ...extra].flatMap((each) => each.attributeTypes),
    objectClasses: [standardDefinitions, ...extra].flatMap((each) => each.objectClasses),
  };
  const subschema = extra.reduce(extendSubschema, standardSubschema);
  const describe = createAttributeLookup(subschema);
  return {
    suffix,
    administrator: options.administrator ?? { dn: `cn=scim,${suffix}`, password: 'secret' },
    subschema,
    store: new EntryStore(subschema),
    objectClasses: createObjectClasses(subschema),
    changeNumbers: createChangeNumbers(),
    rootDse: createRootDse(describe, suffix),
    subschemaEntry: createSubschemaEntry(describe, definitions),
    unique: options.unique ?? [
      { base: `ou=people,${suffix}`, attribute: 'uid' },
      { base: `ou=people,${suffix}`, attribute: 'mail' },
    ],
    nobody: options.nobody ?? `cn=nobody,${suffix}`,
    memberOf: options.memberOf ?? false,
    describe,
    share: createValueSharing(),
  };
}

function load(state: DirectoryState, ldif: string | Iterable<string>): number {
  const before = state.store.size;
  for (const chunk of typeof ldif === 'string' ? [ldif] : ldif) {
    for (const record of parseLdif(chunk)) {
      if (record.kind !== 'entry' && record.kind !== 'add')
        throw new LdifError(`a record of content expected, not "changetype: ${record.kind}"`, record.line);
      try {
        applyLoad(state, record);
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        throw new LdapError(error.code, `${record.dn}: ${error.diagnosticMessage}`, error.matchedDn);
      }
    }
  }
  return state.store.size - before;
}
