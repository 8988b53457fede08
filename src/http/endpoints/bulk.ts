// Many operations in one request (RFC 7644 s3.7): the message in, a result for each operation out, always with status 200.
import type { Gateway } from '../../gateway/gateway.ts';
import { runBulk } from '../../gateway/run-bulk.ts';
import type { Observe } from '../../observe/observation.ts';
import { bulkResponse } from '../../scim/bulk/bulk.ts';
import { parseBulk } from '../../scim/bulk/parse-bulk.ts';
import type { Endpoint } from '../exchange.ts';
import { isFailure, toScimError } from '../to-scim-error.ts';

export function runMany(gateway: Gateway, observe: Observe): Endpoint {
  return async (exchange) => {
    const { context } = exchange;
    const body = await exchange.readJson();
    const request = await exchange.stage('parse', () =>
      parseBulk(body, {
        types: gateway.resourceTypes,
        baseUrl: context.baseUrl,
        maxOperations: gateway.limits.maxOperations,
      }),
    );
    const explain = (thrown: unknown) => {
      const error = toScimError(thrown, context.requestId);
      if (isFailure(error.status)) observe({ kind: 'requestFailed', requestId: context.requestId, error: thrown });
      return error;
    };
    const results = await exchange.stage('gateway', () => runBulk(request, { gateway, context, explain }));
    return { status: 200, body: bulkResponse(results) };
  };
}
