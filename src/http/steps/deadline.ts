import { Readable } from 'node:stream';
import { ScimError } from '../../scim/error.ts';
import type { Step } from '../state.ts';

/** Ends a request that takes longer than `seconds`, or whose client went away, by aborting `ctx.state.signal`. */
export function deadline(seconds: number): Step {
  return async (ctx, next) => {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => {
      controller.abort(ctx.req.complete ? tooSlow(seconds) : bodyTooSlow(seconds));
    }, seconds * 1000);
    const onClose = () => controller.abort(clientGone());
    ctx.res.once('close', onClose);
    ctx.state.signal = signal;
    try {
      // The answer does not wait for an operation that ignores its signal.
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as ScimError), { once: true });
        next().then(resolve, reject);
      });
      // What is left is to send a long answer; whoever takes nothing of it for as long would hold it for ever.
      if (ctx.body instanceof Readable) ctx.res.setTimeout(seconds * 1000);
    } finally {
      clearTimeout(timer);
      ctx.res.off('close', onClose);
    }
  };
}

function tooSlow(seconds: number): ScimError {
  const detail = `The request took longer than ${seconds} seconds and was given up; a change may have been applied or not.`;
  return new ScimError(503, undefined, detail, { headers: { 'Retry-After': '5' } });
}

/** What is left of the body would be taken for the next request, so the connection ends (RFC 9110 s15.5.9). */
function bodyTooSlow(seconds: number): ScimError {
  const detail = `The request had not arrived after ${seconds} seconds and was given up; nothing was changed.`;
  return new ScimError(408, undefined, detail, { headers: { Connection: 'close' } });
}

/** Nobody reads this answer; the status is what logs of proxies commonly say for it. */
function clientGone(): ScimError {
  return new ScimError(499, undefined, 'The client closed the connection before the answer.');
}
