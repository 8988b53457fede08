// What a Samba domain controller for tests consists of: the folder that run.sh makes a server of, and the accounts in it. Its
// LDAP service alone runs, as an ordinary user and on loopback, at ports that portmap.c puts in the place of its own. It
// starts nothing.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCommand } from '../apt.ts';
import { fillTemplate } from '../fill-template.ts';
import type { Product } from '../launcher.ts';

/** The names and secrets of one server. */
export interface SambaAdAccounts {
  /** The DNS name of the domain, what stands behind the @ of a userPrincipalName. */
  readonly domain: string;
  readonly suffix: string;
  /** The gateway's service account: an ordinary user who may do everything below `ou=suites`. */
  readonly bindDn: string;
  readonly password: string;
  readonly rootDn: string;
  readonly rootPassword: string;
}

export interface SambaAd extends SambaAdAccounts {
  /** ldaps: a bind without encryption is refused (8), as domain controllers of Windows do by default since 2025. */
  readonly url: string;
  /** ldap://, for StartTLS and for who wants to be refused. */
  readonly plainUrl: string;
  /** Trusts the authority of the server's certificate, whose names are localhost and 127.0.0.1. */
  readonly tls: { readonly ca: string };
  /** Ends the server and removes what it left. */
  stop(): Promise<void>;
  /** What the server has logged so far. */
  log(): string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
export const runScript = readFileSync(join(here, 'run.sh'), 'utf8');

const domain = 'ad.example.com';
const suffix = 'DC=ad,DC=example,DC=com';
const serviceAccount = 'scim';

export const accounts: SambaAdAccounts = {
  domain,
  suffix,
  bindDn: `CN=${serviceAccount},CN=Users,${suffix}`,
  password: 'scim-Test-secret-1',
  rootDn: `CN=Administrator,CN=Users,${suffix}`,
  rootPassword: 'admin-Test-secret-1',
};

/** What portmap.c is made with. */
export function findCompiler(): string | undefined {
  return ['cc', 'gcc', 'clang', 'tcc'].find(isCommand);
}

export const product: Product = {
  name: 'Samba AD',
  slug: 'samba-ad',
  // tcc has a hundredth of what gcc weighs, and is enough for portmap.c.
  packages: ['samba-ad-dc', 'samba-dsdb-modules', 'samba-ad-provision', 'openssl', 'tcc'],
  isInstalled: () =>
    // What the distribution brings beside the server itself; without them no domain can be made.
    existsSync('/usr/share/samba/setup/provision.ldif') &&
    existsSync('/usr/bin/python3') &&
    ['samba', 'openssl', 'bash'].every(isCommand) &&
    findCompiler() !== undefined,
};

/** Who runs it where root starts it. */
export const serverUser = 'nobody';

/** Lines of smb.conf. */
export const listensOnLoopback = 'interfaces = 127.0.0.1/8\nbind interfaces only = yes';
export const listensEverywhere = 'bind interfaces only = no';

export interface SambaAdPlace {
  /** The folder of the recipe as the server sees it. */
  readonly serverDir: string;
  readonly interfaces: string;
}

/** Fills `dir` with what run.sh needs. */
export function writeRecipe(dir: string, { serverDir, interfaces }: SambaAdPlace): void {
  for (const name of ['tls', 'private', 'state', 'cache', 'lock', 'run', 'ncalrpc', 'bind-dns', 'log'])
    mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, 'smb.conf'), fillTemplate(join(here, 'smb.conf'), { dir: serverDir, domain, interfaces }));
  const { password, rootPassword } = accounts;
  const wanted = { domain, serviceAccount, password, rootPassword, suitesDn: `OU=suites,${suffix}` };
  writeFileSync(join(dir, 'accounts.json'), JSON.stringify(wanted), { mode: 0o600 });
  for (const name of ['provision.py', 'portmap.c']) copyFileSync(join(here, name), join(dir, name));
}
