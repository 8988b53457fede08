// Preparation of text before it is compared (RFC 4518), as far as directories do it: fold, normalise, squash spaces. It
// follows OpenLDAP 2.5 where that stops short of the RFC: letters fold one by one and nothing is mapped to nothing. By
// the RFC `ß` would equal `ss` and a zero-width space would vanish, which merges entries that the directory keeps apart.

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const PLAIN_LOWER = /^[!-@[-~]+(?: [!-@[-~]+)*$/;
/** ASCII and the Latin letters that NFKC leaves alone and whose lower case is one letter: most names of people. */
const LATIN = /^[ -~\u00c0-\u012f\u0134-\u013e\u0141-\u0148\u014a-\u017e]*$/;
const SPACE_LIKE = /[\t\n\v\f\r\u0085\p{Z}]/gu;
/** The two letters whose lower case depends on more than the letter in ECMAScript. */
const SPECIAL_CAPITALS = /[Σİ]/g;
const SPACES = / +/g;
const OUTER_SPACES = /^ | $/g;

/** Characters alone: mapped, folded where `fold` says so, in NFKC; spaces as they are. */
function prepareCharacters(text: string, fold: boolean): string {
  if (LATIN.test(text)) return fold ? text.toLowerCase() : text;
  const mapped = text.replace(SPACE_LIKE, ' ').normalize('NFKC').replace(SPACE_LIKE, ' ');
  if (!fold) return mapped;
  const folded = mapped.replace(SPECIAL_CAPITALS, (letter) => (letter === 'Σ' ? 'σ' : 'i'));
  return folded.toLowerCase().normalize('NFKC');
}

/**
 * Text as it compares for equality and order (RFC 4518 s2): two texts match where their prepared forms are the same.
 * Text of nothing but spaces becomes one space, so that it differs from the empty text.
 */
export function prepareText(text: string, fold: boolean): string {
  if (PLAIN.test(text)) return fold && !PLAIN_LOWER.test(text) ? text.toLowerCase() : text;
  const squashed = prepareCharacters(text, fold).replace(SPACES, ' ').replace(OUTER_SPACES, '');
  return squashed === '' && text !== '' ? ' ' : squashed;
}

/**
 * A part of a substring assertion, or a whole value (`startsValue` and `endsValue`): outer spaces count, except where the
 * value begins or ends. OpenLDAP 2.5 does it so: `a b` has `a ` and ` b` in it, and ` b` alone is not in `b`.
 */
export function prepareSubstring(
  text: string,
  fold: boolean,
  ends: { readonly startsValue: boolean; readonly endsValue: boolean },
): string {
  const squashed = prepareCharacters(text, fold).replace(SPACES, ' ');
  // `( *)` asks for a value that begins with a space, and there is none.
  if (squashed === ' ' && !ends.endsValue) return squashed;
  const start = ends.startsValue && squashed.startsWith(' ') ? 1 : 0;
  const end = ends.endsValue && squashed.endsWith(' ') ? squashed.length - 1 : squashed.length;
  return squashed.slice(start, end);
}
