// What an OpenLDAP for tests consists of, whoever runs it: the files that run.sh makes a server of, and the accounts in
// it. It starts nothing.

import { copyFileSync, createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { isCommand } from '../apt.ts';
import { fillTemplate } from '../fill-template.ts';
import type { Product } from '../launcher.ts';

export interface OpenLdapOptions {
  /** Entries to load beside the base ones: LDIF text, or pieces of it that are streamed to `slapadd -q`. */
  readonly ldif?: string | Iterable<string>;
  /** Schema files in slapd.conf syntax, loaded after inetorgperson; the product's own where absent. */
  readonly schemas?: readonly string[];
  /** Default `dc=example,dc=com`; RDN types dc, o and ou. */
  readonly suffix?: string;
  /** Whether the memberof overlay runs (default true). It maintains live writes only, never entries that `ldif` loads. */
  readonly memberOf?: boolean;
  /** Whether the dynlist overlay shows the members of dynamic groups (default false). */
  readonly dynamicGroups?: boolean;
  /** For measuring: no line in the log for each operation, and `cn=Monitor`, which the root account may read. */
  readonly measured?: boolean;
  /** The port for ldap://; a free one where absent. */
  readonly port?: number;
  /** A folder to work in and to keep; a database that it already holds is used again. A temporary one where absent. */
  readonly dir?: string;
}

/** The names and secrets of one server. */
export interface OpenLdapAccounts {
  readonly suffix: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  /** The gateway's service account: may write everything, pages without limit. */
  readonly bindDn: string;
  readonly password: string;
  readonly rootDn: string;
  readonly rootPassword: string;
  /** Binds to `cn=config`, as `cn=config`. */
  readonly configPassword: string;
  /** What refint leaves in a group that would be empty. */
  readonly placeholderDn: string;
}

export interface OpenLdap extends OpenLdapAccounts {
  readonly url: string;
  readonly ldapsUrl: string;
  /** Signs the server's certificate, whose names are localhost and 127.0.0.1. */
  readonly caFile: string;
  /** A client certificate whose subject is `bindDn`, for SASL EXTERNAL. */
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
  /** Process id of slapd on this machine; 0 where it runs in a container. */
  pid(): number;
  /** Ends the server and removes what it left. */
  stop(): Promise<void>;
  /** Stops the server and starts it on the same ports and data; `between` runs while it is down. */
  restart(between?: () => Promise<void>): Promise<void>;
  /** What slapd has logged so far (`loglevel stats`: one line per operation). */
  log(): string;
}

/** Where a distribution keeps schema files and modules. */
export interface Layout {
  readonly schemaPath: string;
  readonly modulePath: string;
}

export const debianLayout: Layout = { schemaPath: '/etc/ldap/schema', modulePath: '/usr/lib/ldap' };

const layouts: readonly Layout[] = [
  debianLayout,
  { schemaPath: '/etc/openldap/schema', modulePath: '/usr/lib64/openldap' },
  { schemaPath: '/etc/openldap/schema', modulePath: '/usr/lib/openldap' },
];

const here = fileURLToPath(new URL('.', import.meta.url));
export const runScript = readFileSync(join(here, 'run.sh'), 'utf8');

/** The auxiliary classes that ship with the OpenLDAP mappings. */
const ownSchema = join(here, '../../../mappings/openldap/scim-person.schema');

export function findLayout(): Layout | undefined {
  return layouts.find(
    ({ schemaPath, modulePath }) => existsSync(join(schemaPath, 'inetorgperson.schema')) && existsSync(modulePath),
  );
}

export const product: Product = {
  name: 'OpenLDAP',
  slug: 'openldap',
  packages: ['slapd', 'ldap-utils', 'openssl'],
  isInstalled: () => findLayout() !== undefined && ['slapd', 'slapadd', 'openssl', 'bash'].every(isCommand),
};

/** Who runs it where root starts it. */
export const serverUser = 'nobody';

export function accountsOf(suffix = 'dc=example,dc=com'): OpenLdapAccounts {
  return {
    suffix,
    peopleDn: `ou=people,${suffix}`,
    groupsDn: `ou=groups,${suffix}`,
    bindDn: `cn=scim,${suffix}`,
    password: 'scim-test-secret',
    rootDn: `cn=admin,${suffix}`,
    rootPassword: 'admin-test-secret',
    configPassword: 'config-test-secret',
    placeholderDn: `cn=nobody,${suffix}`,
  };
}

/** Fills `dir` with what run.sh needs. `serverDir` is the same folder as the server sees it. */
export async function writeRecipe(
  dir: string,
  serverDir: string,
  layout: Layout,
  options: OpenLdapOptions,
): Promise<OpenLdapAccounts> {
  const accounts = accountsOf(options.suffix);
  mkdirSync(join(dir, 'ldif'), { recursive: true });
  mkdirSync(join(dir, 'schema'), { recursive: true });
  const extraSchemas = (options.schemas ?? [ownSchema]).map((file, index) => {
    const name = `${index}-${basename(file)}`;
    copyFileSync(file, join(dir, 'schema', name));
    return `include ${join(serverDir, 'schema', name)}`;
  });
  const words: Readonly<Record<string, string>> = {
    ...accounts,
    ...layout,
    dir: serverDir,
    suffixEntry: suffixEntryOf(accounts.suffix),
    extraSchemas: extraSchemas.join('\n'),
    dynamicGroups:
      options.dynamicGroups === true ? '\noverlay dynlist\ndynlist-attrset groupOfURLs memberURL member\n' : '',
    monitor: options.measured === true ? `\ndatabase monitor\naccess to * by dn.exact="${accounts.rootDn}" read` : '',
    memberOf: (options.memberOf ?? true) ? '\noverlay memberof\nmemberof-group-oc groupOfNames\n' : '',
  };
  writeFileSync(join(dir, 'slapd.conf'), fillTemplate(join(here, 'slapd.conf'), words));
  writeFileSync(join(dir, 'ldif', '0-base.ldif'), fillTemplate(join(here, 'base.ldif'), words));
  writeFileSync(join(dir, 'suffix'), accounts.suffix);
  writeFileSync(join(dir, 'debug'), options.measured === true ? 'none' : 'stats');
  writeFileSync(join(dir, 'client-subject'), opensslSubject(accounts.bindDn));
  const { ldif = [] } = options;
  const pieces = typeof ldif === 'string' ? [ldif] : ldif;
  await pipeline(Readable.from(pieces), createWriteStream(join(dir, 'ldif', '1-more.ldif')));
  return accounts;
}

function rdnsOf(dn: string): readonly (readonly [type: string, value: string])[] {
  return dn.split(',').map((rdn) => {
    const [type = '', value = ''] = rdn.trim().split('=');
    return [type.toLowerCase(), value];
  });
}

function suffixEntryOf(suffix: string): string {
  const [type, value] = rdnsOf(suffix)[0] ?? ['', ''];
  switch (type) {
    case 'dc':
      return `objectClass: dcObject\nobjectClass: organization\ndc: ${value}\no: ${value}`;
    case 'o':
      return `objectClass: organization\no: ${value}`;
    case 'ou':
      return `objectClass: organizationalUnit\nou: ${value}`;
    default:
      throw new Error(`No entry can be made of the suffix ${suffix}: its first RDN must be dc, o or ou`);
  }
}

/** openssl writes a subject from the root down, with upper-case types: `/DC=com/DC=example/CN=scim`. */
function opensslSubject(dn: string): string {
  return rdnsOf(dn)
    .toReversed()
    .map(([type, value]) => `/${type.toUpperCase()}=${value}`)
    .join('');
}
