// INTEGER (RFC 4517 s3.3.16): of any size, so it stays text unless it has to be counted with.

const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** Whether the text is an INTEGER: no leading zeros, no plus sign, no `-0`. */
export function isLdapInteger(text: string): boolean {
  return INTEGER.test(text);
}

/** Order of two INTEGER texts, negative where `a` is less; exact at any length and linear in it. */
export function compareLdapIntegers(a: string, b: string): number {
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  return negative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
}

/** Without leading zeros the longer one is the greater one. */
function compareMagnitudes(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
