import type { Authenticator } from '../../auth/authenticate.ts';
import type { AuthenticationRequest } from '../../auth/method.ts';
import { ScimError } from '../../scim/error.ts';
import { type CertificateHeader, createReadCertificate, type ReadCertificate } from '../client-certificate.ts';
import type { Step, StepContext } from '../state.ts';
import { createTrustedProxies, type TrustedProxies } from '../trusted-proxies.ts';

export interface AuthenticateOptions {
  readonly authenticator: Authenticator;
  /** Addresses and networks in CIDR notation. */
  readonly trustedProxies: readonly string[];
  readonly clientCertificateHeader?: CertificateHeader;
}

/** Lets nobody pass without valid credentials but to read the public paths and what is below them (A4). */
export function authenticate(options: AuthenticateOptions, publicPaths: readonly string[]): Step {
  const { authenticator } = options;
  const proxies = createTrustedProxies(options.trustedProxies);
  const certificateOf = createReadCertificate(proxies, options.clientCertificateHeader);
  const isPublic = (path: string) => publicPaths.some((open) => path === open || path.startsWith(`${open}/`));
  return async (ctx, next) => {
    const { querystring } = ctx;
    if (querystring !== '' && new URLSearchParams(querystring).has('access_token')) throw tokenInUrl();
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!reads || !isPublic(ctx.path)) {
      const request = toAuthenticationRequest(ctx, proxies, certificateOf);
      ctx.state.principal = await ctx.state.timer.measure('auth', () => authenticator.authenticate(request));
    }
    await next();
  };
}

function toAuthenticationRequest(
  ctx: StepContext,
  proxies: TrustedProxies,
  certificateOf: ReadCertificate,
): AuthenticationRequest {
  const { req } = ctx;
  const certificate = certificateOf(req);
  return {
    method: ctx.method,
    url: `${ctx.state.baseUrl}${ctx.path}`,
    authorization: req.headers.authorization,
    header: (name) => req.headersDistinct[name] ?? [],
    address: proxies.clientAddress(req),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** A URL ends up in logs and histories, so a token in one counts as disclosed, whatever else came (RFC 6750 s2.3). */
function tokenInUrl(): ScimError {
  const detail = 'A token must never be part of a URL: send it in the Authorization header, and replace this one.';
  return new ScimError(400, undefined, detail);
}
