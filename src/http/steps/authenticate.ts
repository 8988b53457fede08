import type { Authenticator } from '../../auth/authenticate.ts';
import type { Step } from '../state.ts';

/** Lets nobody pass without valid credentials but to the public paths (A4). */
export function authenticate(authenticator: Authenticator, publicPaths: readonly string[]): Step {
  const isPublic = new Set(publicPaths);
  return async (ctx, next) => {
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
    const credentials = ctx.get('Authorization');
    if (!reads || !isPublic.has(ctx.path.replace(/\/$/, ''))) {
      ctx.state.principal = await ctx.state.timer.measure('auth', () => authenticator.authenticate(credentials));
    }
    await next();
  };
}
