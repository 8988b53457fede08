// UUIDs as LDAP writes them (RFC 4530 s2.1, RFC 4122), and as four numbers of 32 bits where very many are kept: these
// have the order of their texts.

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Numbers of 32 bits that hold a UUID. */
export const UUID_WORDS = 4;

/** Whether the text is a UUID with its hyphens, in any letter case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Value of a hexadecimal digit by its octet; 16 for every other octet. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, octet) => {
  const digit = Number.parseInt(String.fromCharCode(octet), 16);
  return Number.isNaN(digit) ? 16 : digit;
});
const HYPHEN = 0x2d;
const HYPHENS: readonly number[] = [8, 13, 18, 23];

/** Writes the UUID that is spelled by `octets` to `words` from `at` on; false, and nothing said, where it is none. */
export function writeUuid(octets: Uint8Array, words: Uint32Array, at: number): boolean {
  if (octets.length !== 36) return false;
  for (const place of HYPHENS) if (octets[place] !== HYPHEN) return false;
  let place = 0;
  for (let word = 0; word < UUID_WORDS; word += 1) {
    let value = 0;
    for (let digits = 0; digits < 8; place += 1) {
      const octet = octets[place] ?? 0;
      if (octet === HYPHEN && HYPHENS.includes(place)) continue;
      const digit = DIGITS[octet] ?? 16;
      if (digit === 16) return false;
      value = (value << 4) | digit;
      digits += 1;
    }
    words[at + word] = value;
  }
  return true;
}

/** The text in lower case of the UUID that `words` hold from `at` on. */
export function printUuid(words: Uint32Array, at: number): string {
  let hex = '';
  for (let word = at; word < at + UUID_WORDS; word += 1) hex += (words[word] ?? 0).toString(16).padStart(8, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
