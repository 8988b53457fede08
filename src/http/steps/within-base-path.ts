import { badRequest, ScimError } from '../../scim/error.ts';
import { below, versionlessOf } from '../base-path.ts';
import type { ExternalUrl } from '../external-url.ts';
import { originForm, pathOfTarget } from '../request-target.ts';
import type { Step } from '../state.ts';
import { notFound } from './not-found.ts';

/**
 * Takes the base path off, so that the routes begin at `/`. Below `/scim/v2`, `/scim` alone means the latest version
 * (RFC 7644 s3.13) and any other version is refused.
 */
export function withinBasePath(basePath: string, externalUrl: ExternalUrl): Step {
  const versionless = versionlessOf(basePath);
  return async (ctx, next) => {
    ctx.state.baseUrl = externalUrl(ctx.req);
    const target = originForm(ctx.req.url ?? '');
    if (target === undefined) throw new ScimError(400, undefined, 'The target of the request is malformed.');
    const path = pathOfTarget(target);
    const inside = below(path, basePath) ?? (versionless === undefined ? undefined : latest(path, versionless));
    if (inside === undefined) throw notFound();
    ctx.url = inside + target.slice(path.length);
    await next();
  };
}

/** Throws `ScimError` 400 invalidVers where the path names another version. */
function latest(path: string, versionless: string): string | undefined {
  const inside = below(path, versionless);
  if (inside !== undefined && /^\/v\d+(?:\/|$)/.test(inside)) {
    throw badRequest('invalidVers', 'This gateway speaks protocol version v2 only.');
  }
  return inside;
}
