import { LdapError } from '../errors.ts';
import { resultCode } from '../result-codes.ts';

export interface ChangeNumbers {
  /** A change sequence number later than all before, in OpenLDAP's form, and its second as GeneralizedTime. */
  next(): { readonly csn: string; readonly timestamp: string };
  /** Takes note of a number that came with loaded content. */
  seen(csn: string): void;
}

const CSN = /^\d{14}\.\d{6}Z#[0-9a-f]{6}#[0-9a-f]{3}#[0-9a-f]{6}$/;

/** `now` in milliseconds since 1970. */
export function createChangeNumbers(now: () => number = Date.now): ChangeNumbers {
  let last = 0;
  return {
    next() {
      // Microseconds, counted on where the clock stands still or goes back.
      last = Math.max(now() * 1000, last + 1);
      const iso = new Date(Math.floor(last / 1000)).toISOString();
      const second = iso.slice(0, 19).replace(/[-:T]/g, '');
      const micros = String(last % 1_000_000).padStart(6, '0');
      return { csn: `${second}.${micros}Z#000000#000#000000`, timestamp: `${second}Z` };
    },
    seen(csn) {
      if (!CSN.test(csn))
        throw new LdapError(resultCode.invalidAttributeSyntax, 'entryCSN: value #0 invalid per syntax');
      const at = (from: number, to: number) => Number(csn.slice(from, to));
      const second = Date.UTC(at(0, 4), at(4, 6) - 1, at(6, 8), at(8, 10), at(10, 12), at(12, 14));
      last = Math.max(last, second * 1000 + at(15, 21));
    },
  };
}
