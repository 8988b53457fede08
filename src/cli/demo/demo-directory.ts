// The directories that the demo can stand in front of, filled with the same made-up people and groups.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEmbeddedDirectory } from '../../ldap/embedded/embedded-directory.ts';
import { sampleLdif } from '../../ldap/embedded/sample-data.ts';
import { StartError } from '../../tenant/start-error.ts';

export interface DemoDirectory {
  readonly url: string;
  readonly bindDn: string;
  readonly password: string;
  readonly suffix: string;
  /** Whom to trust, for a `url` of ldaps. */
  readonly tls?: { readonly ca: string };
  stop(): Promise<void>;
}

/** Where a demo runs, and the mapping that fits it, below `mappings/`. */
export interface MappedDirectory extends DemoDirectory {
  readonly mapping: string;
}

/** How much to make up. */
export interface DemoSize {
  readonly users: number;
  readonly groups: number;
  /** Members of the largest group. */
  readonly biggestGroup: number;
}

export type DemoKind = 'embedded' | 'openldap' | '389ds' | 'samba-ad';

const suffix = 'dc=example,dc=com';

export async function startDemoDirectory(kind: DemoKind, size: DemoSize): Promise<MappedDirectory> {
  const ldif = sampleLdif({ suffix, ...size, auxiliary: true });
  switch (kind) {
    case 'embedded':
      return { ...(await startEmbedded(ldif)), mapping: 'openldap/inet-org-person-scim.yaml' };
    case 'openldap':
      return { ...(await startOpenLdap(ldif)), mapping: 'openldap/inet-org-person-scim.yaml' };
    case '389ds':
      return { ...(await startDs389(ldif)), mapping: '389-ds/inet-org-person-scim.yaml' };
    case 'samba-ad':
      return { ...(await startSambaAd(size)), mapping: 'active-directory/sam-account-name.yaml' };
  }
}

async function startEmbedded(ldif: Iterable<string>): Promise<DemoDirectory> {
  const schemaLdif = [readFileSync(shipped('openldap/scim-person.ldif'), 'utf8')];
  const directory = createEmbeddedDirectory({ suffix, schemaLdif });
  directory.load(ldif);
  const { url } = await directory.listen();
  const { dn, password } = directory.administrator;
  return { url, bindDn: dn, password, suffix, stop: () => directory.close() };
}

/** The parts of test/directories that are used here; they are there in a checkout only. */
interface OpenLdapLauncher {
  launchOpenLdap(options: {
    readonly ldif: Iterable<string>;
    readonly schemas: readonly string[];
    readonly suffix: string;
  }): Promise<DemoDirectory>;
}
interface SambaAdLauncher {
  launchSambaAd(options: { readonly ldif: (suffix: string) => Iterable<string> }): Promise<DemoDirectory>;
}
interface Ds389Launcher {
  launchDs389(options: { readonly ldif: Iterable<string> }): Promise<DemoDirectory>;
}

function startOpenLdap(ldif: Iterable<string>): Promise<DemoDirectory> {
  return launch<OpenLdapLauncher>('openldap', 'OpenLDAP', ({ launchOpenLdap }) =>
    launchOpenLdap({ ldif, schemas: [shipped('openldap/scim-person.schema')], suffix }),
  );
}

function startDs389(ldif: Iterable<string>): Promise<DemoDirectory> {
  return launch<Ds389Launcher>('ds389', '389 Directory Server', ({ launchDs389 }) => launchDs389({ ldif }));
}

/** It says itself where in its tree the demo is. */
function startSambaAd(size: DemoSize): Promise<DemoDirectory> {
  return launch<SambaAdLauncher>('samba-ad', 'Samba AD', ({ launchSambaAd }) =>
    launchSambaAd({ ldif: (below) => sampleLdif({ suffix: below, ...size, auxiliary: true }) }),
  );
}

async function launch<Launcher>(
  folder: string,
  product: string,
  start: (launcher: Launcher) => Promise<DemoDirectory>,
): Promise<DemoDirectory> {
  const url = new URL(`../../../test/directories/${folder}/launch.ts`, import.meta.url);
  if (!existsSync(url)) {
    throw new StartError(
      `A demo in front of ${product} needs a checkout of the source, where the recipe of the test server is; "demo" alone does not.`,
    );
  }
  try {
    return await start((await import(url.href)) as Launcher);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${product} did not start: ${reason}`, { cause: error });
  }
}

function shipped(name: string): string {
  return fileURLToPath(new URL(`../../../mappings/${name}`, import.meta.url));
}
