// LDAP attribute values. Text is UTF-8 on the wire; a string here is always that text, bytes are what is not text
// (RFC 4511 s4.1.5). Whoever writes may pass either; whoever reads asks the entry for the form it needs.

export type LdapValue = string | Uint8Array;

/** An attribute description and its values, as add and modify carry them (RFC 4511 s4.1.7). */
export interface LdapAttribute {
  readonly type: string;
  readonly values: readonly LdapValue[];
}

/** The octets of a value as the key of a map: one character per octet. */
export function octetKey(value: LdapValue): string {
  return toBytes(value).toString('latin1');
}

/** The octets of a value as they go over the wire. */
export function toBytes(value: LdapValue): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
