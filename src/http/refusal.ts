import Koa from 'koa';
import type { Observe } from '../observe/observation.ts';
import { ScimError } from '../scim/error.ts';
import type { RequestState } from './state.ts';
import { catchErrors } from './steps/catch-errors.ts';
import { notFound } from './steps/not-found.ts';
import { tell } from './steps/tell.ts';

/** An app that answers every request with one error. */
export function createRefusal(observe: Observe, refuse: () => ScimError): Koa<RequestState> {
  const app = new Koa<RequestState>();
  app.use(tell(observe));
  app.use(catchErrors(observe));
  app.use(() => {
    throw refuse();
  });
  return app;
}

/** For requests that are for no tenant. */
export function nobodyHere(): ScimError {
  return notFound();
}

/** For those of a tenant that could not be opened. */
export function outOfService(retrySeconds: number): ScimError {
  const headers = { 'Retry-After': String(retrySeconds) };
  return new ScimError(503, undefined, 'The directory is not available.', { headers });
}
