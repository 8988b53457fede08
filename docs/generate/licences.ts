// The packages that an installation gets, and their licences, from the lock file.
import { readFileSync } from 'node:fs';
import { printTable } from './regions.ts';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  /** As the package says it, an SPDX expression; empty where it says nothing. */
  readonly licence: string;
  /** Whether package.json names it. */
  readonly isDirect: boolean;
}

/** What the dependencies of the root come to, in the order of their names. */
export function readRuntimePackages(): readonly RuntimePackage[] {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const found = new Map<string, RuntimePackage>();
  const visit = (at: string, isDirect: boolean): void => {
    for (const name of Object.keys(lock.packages[at]?.dependencies ?? {})) {
      const place = findPackage(lock.packages, at, name);
      const { version, license = '' } = lock.packages[place] ?? { version: '' };
      if (found.has(place)) continue;
      found.set(place, { name, version, licence: license, isDirect });
      visit(place, false);
    }
  };
  visit('', true);
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

/** Where Node finds a package from another one: the innermost `node_modules` that has it. */
function findPackage(packages: Readonly<Record<string, LockedPackage>>, from: string, name: string): string {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') throw new Error(`package-lock.json has no ${name} for ${from}`);
  }
}

export function printLicences(): string {
  const rows = readRuntimePackages().map(({ name, version, licence, isDirect }) => [
    isDirect ? `**${name}**` : name,
    version,
    licence,
  ]);
  return printTable(['package', 'version', 'licence'], rows);
}
