// Preparation of text before it is compared (RFC 4518), as far as directories do it: map, fold, normalise, squash
// spaces. Letters fold one by one, as OpenLDAP 2.5 does: the RFC's table would make `ß` equal `ss` and so merge
// entries that a directory keeps apart.

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const PLAIN_LOWER = /^[!-@[-~]+(?: [!-@[-~]+)*$/;
const SPACE_LIKE = /[\t\n\v\f\r\u0085\p{Z}]/gu;
const FINAL_SIGMA = /ς/g;
const SPACES = / +/g;

/** Characters alone: mapped, folded where `fold` says so, in NFKC; spaces as they are. */
function prepareCharacters(text: string, fold: boolean): string {
  const mapped = text.replace(SPACE_LIKE, ' ').normalize('NFKC').replace(SPACE_LIKE, ' ');
  return fold ? mapped.toLowerCase().replace(FINAL_SIGMA, 'σ').normalize('NFKC') : mapped;
}

/**
 * Text as it compares for equality and order (RFC 4518 s2): two texts match where their prepared forms are the same.
 * Text of nothing but spaces becomes one space, so that it differs from the empty text.
 */
export function prepareText(text: string, fold: boolean): string {
  if (PLAIN.test(text)) return fold && !PLAIN_LOWER.test(text) ? text.toLowerCase() : text;
  const squashed = prepareCharacters(text, fold).replace(SPACES, ' ').trim();
  return squashed === '' && text !== '' ? ' ' : squashed;
}

/**
 * A whole value, or a part of a substring assertion, by RFC 4518 s2.6.1: inner runs of spaces become two spaces, an outer run
 * one, and the ends of the value (`startsValue`, `endsValue`) count as a space. So `a b` contains `a ` and starts with ` a`.
 */
export function prepareSubstring(
  text: string,
  fold: boolean,
  ends: { readonly startsValue: boolean; readonly endsValue: boolean },
): string {
  const characters = prepareCharacters(text, fold);
  const inner = characters.trim();
  if (inner === '') return characters === '' && !ends.startsValue && !ends.endsValue ? '' : ' ';
  const start = ends.startsValue || characters.startsWith(' ') ? ' ' : '';
  const end = ends.endsValue || characters.endsWith(' ') ? ' ' : '';
  return start + inner.replace(SPACES, '  ') + end;
}
