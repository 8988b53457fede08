// UUIDs as LDAP writes them (RFC 4530 s2.1, RFC 4122).

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether the text is a UUID with its hyphens, in any letter case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
