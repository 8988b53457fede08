import type { Authenticator } from '../../auth/authenticate.ts';
import type { Step } from '../state.ts';

/** Lets nobody pass without valid credentials but to read the public paths and what is below them (A4). */
export function authenticate(authenticator: Authenticator, publicPaths: readonly string[]): Step {
  const isPublic = (path: string) => publicPaths.some((open) => path === open || path.startsWith(`${open}/`));
  return async (ctx, next) => {
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
    const credentials = ctx.get('Authorization');
    if (!reads || !isPublic(ctx.path)) {
      ctx.state.principal = await ctx.state.timer.measure('auth', () => authenticator.authenticate(credentials));
    }
    await next();
  };
}
