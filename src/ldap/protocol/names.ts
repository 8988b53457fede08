// Names of attributes as they come over the wire, in lower case. A directory sends the same few dozen with every entry, so
// each is decoded and folded once and found again by its octets.

interface Known {
  /** As sent: one character per octet. */
  readonly sent: string;
  readonly folded: string;
}

const known = new Map<number, Known>();
/** A directory has a few hundred attributes; whoever sends more gets them decoded each time. */
const MOST_KNOWN = 1000;

/** Octets `start` to `stop` as text in lower case. */
export function recallName(bytes: Buffer, start: number, stop: number): string {
  let key = stop - start;
  for (let at = start; at < stop; at += 1) key = (Math.imul(key, 31) + (bytes[at] ?? 0)) | 0;
  const found = known.get(key);
  if (found !== undefined && isSame(found.sent, bytes, start, stop)) return found.folded;
  const folded = bytes.toString('utf8', start, stop).toLowerCase();
  if (found === undefined && known.size < MOST_KNOWN) {
    known.set(key, { sent: bytes.toString('latin1', start, stop), folded });
  }
  return folded;
}

function isSame(sent: string, bytes: Buffer, start: number, stop: number): boolean {
  if (sent.length !== stop - start) return false;
  for (let at = 0; at < sent.length; at += 1) if (sent.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
