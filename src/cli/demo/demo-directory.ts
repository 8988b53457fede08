// The directories that the demo can stand in front of, filled with the same made-up people and groups.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createEmbeddedDirectory } from '../../ldap/embedded/embedded-directory.ts';
import { sampleLdif } from '../../ldap/embedded/sample-data.ts';
import { StartError } from '../../server.ts';

export interface DemoDirectory {
  readonly url: string;
  readonly bindDn: string;
  readonly password: string;
  readonly suffix: string;
  stop(): Promise<void>;
}

/** How much to make up. */
export interface DemoSize {
  readonly users: number;
  readonly groups: number;
  /** Members of the largest group. */
  readonly biggestGroup: number;
}

export type DemoKind = 'embedded' | 'openldap';

const suffix = 'dc=example,dc=com';

export async function startDemoDirectory(kind: DemoKind, size: DemoSize): Promise<DemoDirectory> {
  const ldif = sampleLdif({ suffix, ...size, auxiliary: true });
  switch (kind) {
    case 'embedded':
      return await startEmbedded(ldif);
    case 'openldap':
      return await startOpenLdap(ldif);
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

/** The part of test/directories/openldap/launch.ts that is used here; it is there in a checkout only. */
interface Launcher {
  launchOpenLdap(options: {
    readonly ldif: Iterable<string>;
    readonly schemas: readonly string[];
    readonly suffix: string;
  }): Promise<DemoDirectory>;
}

const launcherUrl = new URL('../../../test/directories/openldap/launch.ts', import.meta.url);

async function startOpenLdap(ldif: Iterable<string>): Promise<DemoDirectory> {
  if (!existsSync(launcherUrl)) {
    throw new StartError(
      '"demo openldap" needs a checkout of the source, where the recipe of the test server is; "demo" does not.',
    );
  }
  const launcher = (await import(launcherUrl.href)) as Launcher;
  try {
    return await launcher.launchOpenLdap({ ldif, schemas: [shipped('openldap/scim-person.schema')], suffix });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`OpenLDAP did not start: ${reason}`, { cause: error });
  }
}

function shipped(name: string): string {
  return fileURLToPath(new URL(`../../../mappings/${name}`, import.meta.url));
}
