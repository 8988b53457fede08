import { randomUUID } from 'node:crypto';
import { clientName } from '../../auth/principal.ts';
import type { Observe } from '../../observe/observation.ts';
import { pathOfTarget } from '../request-target.ts';
import { createStageTimer } from '../stage-timer.ts';
import type { Step } from '../state.ts';

/** A client's id is taken over where it can stand in a header and a log line as it is. */
const saneId = /^[A-Za-z0-9._:=+/-]{1,128}$/;

/** No status of HTTP: what proxies log where nobody was left to take the answer. */
const clientWentAway = 499;

/** Names the request, times it, and tells of it when the answer stands. Outermost, so that nothing goes untold. */
export function tell(observe: Observe): Step {
  return async (ctx, next) => {
    const wanted = ctx.get('X-Request-Id');
    const { method } = ctx;
    const path = pathOfTarget(ctx.req.url ?? '');
    ctx.state.requestId = saneId.test(wanted) ? wanted : randomUUID();
    ctx.state.timer = createStageTimer();
    ctx.res.setHeader('X-Request-Id', ctx.state.requestId);
    ctx.res.once('close', () => {
      observe({
        kind: 'request',
        requestId: ctx.state.requestId,
        method,
        path,
        route: ctx.state.route ?? '',
        status: ctx.res.writableFinished ? ctx.res.statusCode : clientWentAway,
        milliseconds: ctx.state.timer.elapsed(),
        client: ctx.state.principal === undefined ? '' : clientName(ctx.state.principal),
      });
    });
    await next();
    if (!ctx.headerSent) ctx.res.setHeader('Server-Timing', ctx.state.timer.print());
  };
}
