// What the steps tell one another about a request; lives in `ctx.state`.
import type Koa from 'koa';
import type { Principal } from '../auth/principal.ts';
import type { StageTimer } from './stage-timer.ts';

export interface RequestState {
  requestId: string;
  timer: StageTimer;
  /** The form of path that the request fits, such as `/Users/:id`; absent where it fits none, or was refused before. */
  route?: string;
  /** External base URL without a trailing slash. */
  baseUrl: string;
  /** Absent where the endpoint is public. */
  principal?: Principal;
  /** Aborts when the client goes away or the deadline passes. */
  signal: AbortSignal;
}

export type Step = Koa.Middleware<RequestState>;
export type StepContext = Koa.ParameterizedContext<RequestState>;
