// The log: JSON lines made from observations, and the only place where anything is logged. Levels follow who must act:
// error for the operator now, warn for what may need a look, info for the course of things, debug for each operation.
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Observation, Observe } from './observation.ts';

export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LogOptions {
  readonly level: LogLevel;
  readonly stream: DestinationStream;
  /** Stands in every line, where several processes write to one stream. */
  readonly pid?: number;
}

/** An observer that writes to `stream`: one JSON object a line. */
export function createLog({ level, stream, pid }: LogOptions): Observe {
  const base = pid === undefined ? null : { pid };
  const logger = pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  const tenants = new Map<string, Logger>();
  const ofTenant = (tenant: string): Logger => {
    const known = tenants.get(tenant) ?? logger.child({ tenant });
    tenants.set(tenant, known);
    return known;
  };
  return (observation, tenant) => write(tenant === undefined ? logger : ofTenant(tenant), observation);
}

function write(logger: Logger, observation: Observation): void {
  switch (observation.kind) {
    case 'started':
    case 'stopped':
      logger.info(observation, observation.kind);
      return;
    case 'stopping':
      logger.info(observation, `stopping: ${observation.reason}`);
      return;
    case 'tenantFailed':
      logger.error({ ...observation, error: describeError(observation.error) }, 'tenant out of service');
      return;
    case 'tenantOpened':
      logger.info(observation, 'tenant in service');
      return;
    case 'workerEnded':
      logger.error(observation, `a worker is gone: ${observation.reason}`);
      return;
    case 'workerStarted':
      logger.info(observation, 'a worker serves in place of one that is gone');
      return;
    case 'request': {
      const { method, path, status, milliseconds } = observation;
      const text = `${method} ${path} ${status}`;
      logger[status >= 500 ? 'warn' : 'info']({ ...observation, milliseconds: rounded(milliseconds) }, text);
      return;
    }
    case 'requestFailed':
      logger.error({ ...observation, error: describeError(observation.error) }, 'request failed');
      return;
    case 'requestRefused': {
      const { stack: _stack, ...error } = describeError(observation.error);
      logger.info({ ...observation, error }, `refused: ${error.message}`);
      return;
    }
    case 'ldapOperation':
      // Several of them for each request, and hardly ever wanted.
      if (!logger.isLevelEnabled('debug')) return;
      logger.debug({ ...observation, milliseconds: rounded(observation.milliseconds) }, observation.operation);
      return;
    case 'ldapConnection':
      logger[observation.state === 'failed' ? 'warn' : 'debug'](observation, `connection ${observation.state}`);
      return;
    case 'auditFailed':
      logger.error({ ...observation, error: describeError(observation.error) }, 'a change is missing from the audit');
      return;
    case 'connections':
    case 'cache':
    case 'cacheSize':
      // For the metrics alone.
      return;
    case 'guardTripped': {
      const { scope, most, seconds } = observation;
      logger.error(observation, `deletions stopped: ${most} within ${seconds} s by this ${scope}`);
      return;
    }
    case 'guardLifted':
      logger.warn(observation, 'limits on deletions lifted');
      return;
    case 'change':
      logger.info(observation, `${observation.operation} ${observation.resourceType}`);
      return;
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

/**
 * Name, text, stack and causes, and none of the other properties: libraries hang whole requests on their errors.
 * Depth is bounded, since a chain of causes may be a ring.
 */
function describeError(error: unknown, depth = 5): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'something that is no Error was thrown' };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: describeError(error.cause, depth - 1) }),
  };
}
