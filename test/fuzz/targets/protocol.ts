import { LdapProtocolError } from '../../../src/ldap/protocol/ber.ts';

/** The only error that octets of others may cause. */
export function protocolRefusable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof LdapProtocolError) return undefined;
    throw error;
  }
}
