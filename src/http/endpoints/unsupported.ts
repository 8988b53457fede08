import { ScimError } from '../../scim/error.ts';
import type { Endpoint } from '../exchange.ts';

/** A part of SCIM that this gateway leaves out on purpose: 501 (RFC 7644 s3.12). */
export function notImplemented(feature: string): Endpoint {
  return () => {
    throw new ScimError(501, undefined, `This gateway does not support ${feature}.`);
  };
}
