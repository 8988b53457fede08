// Postal Address (RFC 4517 s3.3.28): lines separated by `$`, in which `$` is `\24` and `\` is `\5C`.

/** Whether every `\\` starts an escape. OpenLDAP 2.5 takes empty lines and an empty address. */
export function isPostalAddress(text: string): boolean {
  return !/\\(?!24|5c)/i.test(text);
}

/** The lines; an escape that is none stays as it stands. */
export function parsePostalAddress(text: string): string[] {
  return text.split('$').map((line) => line.replace(/\\(24|5c)/gi, (_, code: string) => (code === '24' ? '$' : '\\')));
}

export function printPostalAddress(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/[\\$]/g, (found) => (found === '$' ? '\\24' : '\\5C'))).join('$');
}
