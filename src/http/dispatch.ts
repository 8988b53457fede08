// Several apps behind one socket, and the one place where it is decided which of them a request is for: by its host and
// the beginning of its path, both as sent. What a request carries otherwise, its credentials above all, is looked at by
// that app alone.

import { below, versionlessOf } from './base-path.ts';
import { createExternalHost } from './external-url.ts';
import type { RequestHandler } from './listen.ts';
import { originForm, pathOfTarget } from './request-target.ts';

export interface Door {
  /** Host names in lower case; none: any. */
  readonly hosts: readonly string[];
  /** Empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
  readonly handle: RequestHandler;
}

/**
 * A door of its host wins over one for any, then the longer path. A lone door for any host takes all, and says itself
 * what is not below its path.
 */
export function dispatch(
  doors: readonly Door[],
  options: { readonly trustedProxies: readonly string[]; readonly nobody: RequestHandler },
): RequestHandler {
  const [only] = doors;
  if (only !== undefined && doors.length === 1 && only.hosts.length === 0) return only.handle;
  const ranked = doors
    .map((door) => ({ ...door, root: versionlessOf(door.basePath) ?? door.basePath }))
    .toSorted((a, b) => Number(b.hosts.length > 0) - Number(a.hosts.length > 0) || b.root.length - a.root.length);
  const externalHost = createExternalHost(options.trustedProxies);
  return (request, response) => {
    const target = originForm(request.url ?? '');
    const path = target === undefined ? undefined : pathOfTarget(target);
    const found =
      path === undefined
        ? undefined
        : ranked.find(
            ({ hosts, root }) => below(path, root) !== undefined && isFor(hosts, () => externalHost(request)),
          );
    return (found?.handle ?? options.nobody)(request, response);
  };
}

/** A Host that is none is no door's; the app behind a door for any host refuses it. */
function isFor(hosts: readonly string[], externalHost: () => string): boolean {
  if (hosts.length === 0) return true;
  try {
    return hosts.includes(nameOf(externalHost()));
  } catch {
    return false;
  }
}

/** Without port and the dot of the root, in lower case. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}
