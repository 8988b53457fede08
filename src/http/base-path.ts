// The path below which an app is found. Only the octets that were sent are looked at: a dot or a slash behind a percent
// sign is no part of a path here, so nobody leaves one base path for another.

/** What follows `base` in `path`, beginning with a slash; undefined where `path` is not below it. */
export function below(path: string, base: string): string | undefined {
  if (path === base) return '/';
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}

/** `/scim` of `/scim/v2`: where a path without a version begins (RFC 7644 s3.13); undefined of other base paths. */
export function versionlessOf(basePath: string): string | undefined {
  return basePath.endsWith('/v2') ? basePath.slice(0, -'/v2'.length) : undefined;
}
