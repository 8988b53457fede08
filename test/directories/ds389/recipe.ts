// What a 389 Directory Server for tests consists of: the folder that run.sh makes a server of, and the accounts in it. The
// configuration is the product's own template, filled in here, so that the server listens on loopback from its first
// moment and needs none of the product's set-up tools. It starts nothing.

import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillTemplate } from '../fill-template.ts';
import type { Product } from '../launcher.ts';

/** The names and secrets of one server. */
export interface Ds389Accounts {
  readonly suffix: string;
  /** The gateway's service account: may write everything below the suffix, and search it without limit. */
  readonly bindDn: string;
  readonly password: string;
  readonly rootDn: string;
  readonly rootPassword: string;
}

export interface Ds389 extends Ds389Accounts {
  readonly url: string;
  /** Ends the server and removes what it left. */
  stop(): Promise<void>;
  /** What the server has logged of errors so far. */
  log(): string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
export const runScript = readFileSync(join(here, 'run.sh'), 'utf8');

/** Where the product keeps its own template. */
export const template = '/usr/share/dirsrv/data/template-dse.ldif';
/** The auxiliary classes that ship with the mapping. */
const ownSchema = join(here, '../../../mappings/389-ds/60scim-person.ldif');

export const product: Product = {
  name: '389 Directory Server',
  slug: 'ds389',
  packages: ['389-ds-base'],
  isInstalled: () => existsSync('/usr/sbin/ns-slapd') && existsSync(template),
};

/** The product's own user, for it alone may read /etc/dirsrv. */
export const serverUser = 'dirsrv';

export interface Ds389Options {
  /** Entries to load beside the base ones, below `ou=people` and `ou=groups`: pieces of LDIF, whole entries each. */
  readonly ldif?: Iterable<string>;
}

export const accounts: Ds389Accounts = {
  suffix: 'dc=example,dc=com',
  bindDn: 'cn=scim,dc=example,dc=com',
  password: 'scim-test-secret',
  rootDn: 'cn=Directory Manager',
  rootPassword: 'manager-test-secret',
};

type Changes = Readonly<Record<string, readonly string[]>>;

/** Lines that an entry of the template gets, in place of those of the same attribute. */
const changesOf = (host: string): Changes => ({
  'cn=config': [`nsslapd-listenhost: ${host}`, 'nsslapd-accesslog-logging-enabled: off'],
  'cn=config,cn=ldbm database,cn=plugins,cn=config': [
    // By itself it takes a part of the machine's memory: 1.5 GB were seen.
    'nsslapd-cache-autosize: 0',
    'nsslapd-dbcachesize: 16777216',
    // Nothing here has to survive the machine.
    'nsslapd-db-durable-transaction: off',
  ],
  'cn=MemberOf Plugin,cn=plugins,cn=config': ['nsslapd-pluginenabled: on', 'memberofautoaddoc: nsMemberOf'],
  'cn=referential integrity postoperation,cn=plugins,cn=config': [
    'nsslapd-pluginenabled: on',
    ...['member', 'uniquemember', 'owner', 'seeAlso', 'manager', 'secretary'].map(
      (name) => `referint-membership-attr: ${name}`,
    ),
  ],
  // On by default, and then uid and mail take ASCII only (19).
  'cn=7-bit check,cn=plugins,cn=config': ['nsslapd-pluginenabled: off'],
  // Numbers of its own for new entries; which ones, a suite says.
  'cn=Distributed Numeric Assignment Plugin,cn=plugins,cn=config': ['nsslapd-pluginenabled: on'],
  // entryusn, which the mapping takes as the version.
  'cn=USN,cn=plugins,cn=config': ['nsslapd-pluginenabled: on'],
});

export interface Ds389Place {
  /** The folder of the recipe as the server sees it. */
  readonly serverDir: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A file with the text of `template`. */
  readonly template: string;
}

/** Fills `dir` with what run.sh needs. */
export function writeRecipe(dir: string, { serverDir, host, port, user, template }: Ds389Place): void {
  const folders = [
    'config',
    'schema',
    'lock',
    'tmp',
    'cert',
    'log',
    'db',
    'ldif',
    'bak',
    'inst',
    'run',
    'home',
  ] as const;
  for (const name of folders) mkdirSync(join(dir, name), { recursive: true });
  copyFileSync(ownSchema, join(dir, 'schema', basename(ownSchema)));
  const at = (name: (typeof folders)[number]): string => join(serverDir, name);
  const words: Readonly<Record<string, string>> = {
    config_dir: at('config'),
    schema_dir: at('schema'),
    lock_dir: at('lock'),
    tmp_dir: at('tmp'),
    cert_dir: at('cert'),
    log_dir: at('log'),
    db_dir: at('db'),
    ldif_dir: at('ldif'),
    bak_dir: at('bak'),
    inst_dir: at('inst'),
    run_dir: at('run'),
    db_home_dir: at('home'),
    db_lib: 'bdb',
    ds_suffix: accounts.suffix,
    ds_port: String(port),
    ds_user: user,
    ds_passwd: hashed(accounts.rootPassword),
    rootdn: accounts.rootDn,
    fqdn: 'localhost',
    ldapi: join(serverDir, 'run', 'ldapi'),
    ldapi_enabled: 'off',
    ldapi_autobind: 'off',
  };
  const changes = changesOf(host);
  const text = fillTemplate(template, words, /%(\w+)%/g);
  writeFileSync(
    join(dir, 'dse.ldif'),
    `${text
      .trim()
      .split(/\n{2,}/)
      .map((entry) => changeEntry(entry, changes))
      .join('\n\n')}\n`,
    { mode: 0o600 },
  );
}

/** The server takes no clear text in this file. */
function hashed(password: string): string {
  const salt = randomBytes(8);
  const digest = createHash('sha512').update(password).update(salt).digest();
  return `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}`;
}

function changeEntry(entry: string, changes: Changes): string {
  const dn = /^dn: (.*)$/m.exec(entry)?.[1] ?? '';
  const more = changes[dn];
  if (more === undefined) return entry.trim();
  const changed = new Set(more.map(typeOf));
  const kept = entry
    .trim()
    .split('\n')
    .filter((line) => !changed.has(typeOf(line)));
  return [...kept, ...more].join('\n');
}

function typeOf(line: string): string {
  return line.split(':', 1)[0]?.toLowerCase() ?? '';
}

type NewEntry = readonly [dn: string, attributes: Record<string, string | string[]>];

/** What makes the empty server one with a database: entries for its administrator to add, in order. */
export function databaseEntries(): readonly NewEntry[] {
  const { suffix, bindDn, password } = accounts;
  const unit = (ou: string): NewEntry => [`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou }];
  const userRoot = 'cn=userRoot,cn=ldbm database,cn=plugins,cn=config';
  const indexed = (name: string, ...kinds: string[]): NewEntry => [
    `cn=${name},cn=index,${userRoot}`,
    { objectClass: ['top', 'nsIndex'], cn: name, nsSystemIndex: 'false', nsIndexType: kinds },
  ];
  return [
    [
      userRoot,
      { objectClass: ['top', 'extensibleObject', 'nsBackendInstance'], cn: 'userRoot', 'nsslapd-suffix': suffix },
    ],
    [
      `cn="${suffix}",cn=mapping tree,cn=config`,
      {
        objectClass: ['top', 'extensibleObject', 'nsMappingTree'],
        cn: suffix,
        'nsslapd-state': 'backend',
        'nsslapd-backend': 'userRoot',
      },
    ],
    indexed('manager', 'eq'),
    indexed('scimExternalId', 'eq', 'sub'),
    [
      suffix,
      {
        objectClass: ['top', 'domain'],
        dc: 'example',
        aci: `(targetattr="*")(version 3.0; acl "the gateway"; allow (all) userdn="ldap:///${bindDn}";)`,
      },
    ],
    unit('people'),
    unit('groups'),
    unit('suites'),
    [
      bindDn,
      {
        objectClass: ['organizationalRole', 'simpleSecurityObject'],
        cn: 'scim',
        userPassword: password,
        // 2,000 and 5,000 for everybody else.
        nsSizeLimit: '-1',
        nsTimeLimit: '-1',
        nsLookThroughLimit: '-1',
        nsPagedSizeLimit: '-1',
        nsPagedLookThroughLimit: '-1',
      },
    ],
  ];
}
