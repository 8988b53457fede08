// The target of a request as sent (RFC 9112 s3.2), before anything parses it: Koa's parser throws on some of them.

/** The origin form: path and query. An absolute URL counts as its path; undefined for `*` and for what is no target. */
export function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  return url === null ? undefined : `${url.pathname}${url.search}`;
}

/** Host and port of an absolute URL; undefined of any other target. */
export function authorityOf(target: string): string | undefined {
  return /^https?:\/\//i.test(target) ? URL.parse(target)?.host : undefined;
}

/** Without the query; whatever was sent. */
export function pathOfTarget(target: string): string {
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}
