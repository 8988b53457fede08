// The port of who runs the gateway: is it alive, is it ready, what has it counted. It asks for no credentials and says
// nothing of people, and asking it often costs the directory nothing.
import type http from 'node:http';
import type { RequestHandler } from './listen.ts';

export interface Readiness {
  /** Whether the directory answers; with tenants, that of at least one. */
  readonly ready: boolean;
  /** By name, where the configuration has tenants. */
  readonly tenants?: Readonly<Record<string, boolean>>;
}

/** Where the answers come from. */
export interface AdminSource {
  readiness(): Promise<Readiness>;
  /** In the text form of Prometheus. */
  metrics(): Promise<string>;
}

interface AdminAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export function createAdmin(source: AdminSource): RequestHandler {
  return async (request, response) => {
    const { status, type, body } = await answer(request, source).catch(() => text(500, 'failed'));
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

async function answer({ method, url = '' }: http.IncomingMessage, source: AdminSource): Promise<AdminAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'only GET and HEAD');
  const [path = ''] = url.split('?');
  switch (path) {
    case '/livez':
      return text(200, 'alive');
    case '/readyz': {
      const readiness = await source.readiness();
      return { status: readiness.ready ? 200 : 503, type: 'application/json', body: JSON.stringify(readiness) };
    }
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await source.metrics() };
    default:
      return text(404, '/livez, /readyz and /metrics are here');
  }
}

function text(status: number, body: string): AdminAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}
