// Boolean (RFC 4517 s3.3.3).

/** `TRUE` and `FALSE` alone, in capitals (OpenLDAP 2.5 takes no others); undefined for anything else. */
export function parseLdapBoolean(text: string): boolean | undefined {
  return text === 'TRUE' ? true : text === 'FALSE' ? false : undefined;
}

export function printLdapBoolean(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}
