// A client of one keep-alive connection that asks one thing at a time, by undici's lowest interface (ADR 0030).

import { Client, type Dispatcher } from 'undici';

export interface HttpAnswer {
  readonly status: number;
  json(): unknown;
}

export interface HttpClient {
  /** Rejects where the answer is none of success: what is measured is what works. */
  send(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** `base` is a URL without a trailing slash. */
export function connectHttp(base: string, token: string): HttpClient {
  const { origin, pathname } = new URL(base);
  const client = new Client(origin, { pipelining: 1, headersTimeout: 300_000, bodyTimeout: 300_000 });
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/scim+json',
    'content-type': 'application/scim+json',
  };
  return {
    send(method, path, body) {
      const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
      const chunks: Buffer[] = [];
      const text = () => Buffer.concat(chunks).toString();
      let status = 0;
      client.dispatch(
        { method, path: `${pathname}${path}`, headers, body: body === undefined ? null : JSON.stringify(body) },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            if (status < 300) resolve({ status, json: () => JSON.parse(text()) as unknown });
            else reject(new Error(`${method} ${path}: ${status} ${text()}`));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
      return promise;
    },
    close: () => client.close(),
  };
}
