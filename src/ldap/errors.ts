// What can go wrong between the gateway and a directory. `code` decides; texts of the server are for the operator's
// log and never for the client.
import { resultCodeName } from './result-codes.ts';

/** The directory answered an operation with a result code other than success (RFC 4511 s4.1.9). */
export class LdapError extends Error {
  override readonly name = 'LdapError';
  readonly code: number;
  readonly diagnosticMessage: string;
  readonly matchedDn: string;
  readonly referrals: readonly string[];

  constructor(code: number, diagnosticMessage = '', matchedDn = '', referrals: readonly string[] = []) {
    super(`${resultCodeName(code)} (${code})${diagnosticMessage === '' ? '' : `: ${diagnosticMessage}`}`);
    this.code = code;
    this.diagnosticMessage = diagnosticMessage;
    this.matchedDn = matchedDn;
    this.referrals = referrals;
  }
}

/** No answer came: the connection failed, closed or could not be made. */
export class LdapConnectionError extends Error {
  override readonly name: string = 'LdapConnectionError';
  /** True where the request had gone out, so that a write may have been applied. */
  readonly mayBeApplied: boolean;

  constructor(message: string, options: { readonly mayBeApplied: boolean; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.mayBeApplied = options.mayBeApplied;
  }
}

/** The operation took longer than it may and was abandoned; the connection goes on. */
export class LdapTimeoutError extends LdapConnectionError {
  override readonly name = 'LdapTimeoutError';
}

/** Text that is not a DN, a filter, a GeneralizedTime, ... by its RFC. `position` counts UTF-16 units from 0. */
export class LdapSyntaxError extends Error {
  override readonly name = 'LdapSyntaxError';
  readonly position: number;

  constructor(message: string, position = 0) {
    super(message);
    this.position = position;
  }
}
