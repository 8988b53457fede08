// Whatever was thrown -> the one error that the client sees (RFC 7644 s3.12). What is not known to be fit for a client
// becomes a bare 500 whose request id leads to the log.
import { ScimError } from '../scim/error.ts';

/** Never throws, whatever `thrown` is. */
export function toScimError(thrown: unknown, requestId: string): ScimError {
  if (thrown instanceof ScimError) return thrown;
  const status = statusOf(thrown);
  if (status !== undefined)
    return new ScimError(status, undefined, statusDetails[status] ?? 'The request failed.', { cause: thrown });
  return new ScimError(
    500,
    undefined,
    `The gateway failed unexpectedly; its log has more under request id ${requestId}.`,
    {
      cause: thrown,
    },
  );
}

/** Whether the log has to know of it: 501 says what the gateway leaves out on purpose. */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== 501;
}

/** The 4xx status that an error of Koa, the router or raw-body carries; their texts are not for clients. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  const { status } = thrown;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

const statusDetails: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  404: 'There is nothing at this URL.',
  405: 'This URL does not take this method.',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  415: 'The body must be application/scim+json or application/json in UTF-8.',
  417: 'The expectation of the Expect header cannot be met.',
  431: 'The request line and headers are too large; send a long query by POST to .search instead.',
};

/** The detail that goes with a status which the HTTP parser decides before any request exists. */
export function detailOfStatus(status: number): string {
  return statusDetails[status] ?? 'The request failed.';
}
