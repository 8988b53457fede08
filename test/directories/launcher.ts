// Chooses how this machine gets the servers of a product: its own; else apt, for root on a Debian or Ubuntu; else
// containers, of an image that is built with the same packages. TEST_LAUNCHER=container asks for containers, to try that way.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { installPackages, mayInstall } from './apt.ts';

export interface Product {
  readonly name: string;
  /** A name for images. */
  readonly slug: string;
  /** Of Debian and Ubuntu: the server and all that run.sh calls. */
  readonly packages: readonly string[];
  /** Whether this machine has all that. */
  isInstalled(): boolean;
}

export type Launcher = 'local' | 'container';
export type Say = (line: string) => void;

const dockerfile = readFileSync(new URL('Dockerfile', import.meta.url), 'utf8');
const wantsContainer = process.env['TEST_LAUNCHER'] === 'container';

/** What a test run may use, as `prepareLauncher` left it. */
export function findLauncher(product: Product): Launcher | undefined {
  if (wantsContainer) return 'container';
  if (product.isInstalled()) return 'local';
  return isBuilt(product) ? 'container' : undefined;
}

/** Installs or builds what is missing and may be had; says why where there will be none. */
export function prepareLauncher(product: Product, say: Say): Launcher | undefined {
  if (!wantsContainer) {
    if (product.isInstalled()) return 'local';
    if (mayInstall()) {
      installPackages(product.packages, say);
      if (product.isInstalled()) return 'local';
      say(`${product.name} could not be installed`);
    }
  }
  if (prepareImage(product, say)) return 'container';
  say(whatHelps(product));
  return undefined;
}

/** Whether containers can be had. */
export function prepareImage(product: Product, say: Say): boolean {
  if (isBuilt(product)) return true;
  if (docker('version').status !== 0) return false;
  say(`building an image for ${product.name}`);
  const reason = buildImage(product);
  if (reason !== undefined) say(reason);
  return reason === undefined;
}

/** Starts a server by whichever way this machine has; throws where it has none and can get none. */
export async function launch<Server>(
  product: Product,
  ways: Readonly<Record<Launcher, () => Promise<Server>>>,
): Promise<Server> {
  const said: string[] = [];
  const launcher = prepareLauncher(product, (line) => said.push(line));
  if (launcher === undefined) throw new Error(said.join('\n'));
  return await ways[launcher]();
}

/** Its tag changes with what it is made of, so that one of another time is not taken for it. */
export function imageOf({ slug, packages }: Product): string {
  const digest = createHash('sha256').update(dockerfile).update(packages.join(' ')).digest('hex');
  return `scim-ldap-test-${slug}:${digest.slice(0, 12)}`;
}

function isBuilt(product: Product): boolean {
  return docker('image', 'inspect', imageOf(product)).status === 0;
}

/** Why it failed, if it did. Not by testcontainers: of a failure 12.2.0 tells no more than that it was one. */
function buildImage(product: Product): string | undefined {
  const packages = `PACKAGES=${product.packages.join(' ')}`;
  const { status, stdout, stderr } = docker('build', '-t', imageOf(product), '--build-arg', packages, '-');
  if (status === 0) return undefined;
  const base = /^ARG BASE=(\S+)/m.exec(dockerfile)?.[1] ?? '';
  const said = `${stdout}${stderr}`.trimEnd().split('\n').slice(-8).join('\n');
  return (
    `the image for ${product.name} could not be built:\n${said}\n` +
    `The engine needs ${base} (docker pull ${base}), and containers that reach the package servers of Debian.`
  );
}

function docker(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('docker', args, { encoding: 'utf8', input: dockerfile, maxBuffer: 2 ** 26 });
}

function whatHelps({ name, packages }: Product): string {
  const ways = [
    ...(wantsContainer
      ? []
      : [`as root, on Debian or Ubuntu:  apt-get install --no-install-recommends ${packages.join(' ')}`]),
    'a running Docker engine that this user may talk to, and that can build test/directories/Dockerfile',
  ];
  return `${name} cannot be run here. What helps:\n${ways.map((way) => `  - ${way}`).join('\n')}`;
}
