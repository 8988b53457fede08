// Where JSON text goes wrong. V8 names the place for some errors only and quotes the text, which may hold a password,
// for others; so the place is found here, for texts that JSON.parse has refused, and the text is never quoted.

export interface TextPlace {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/** Place of the first character that no JSON text could have there (RFC 8259); the end where the text breaks off. */
export function locateJsonError(text: string): TextPlace {
  return placeOf(text, findError(text));
}

export function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const space = /[ \t\n\r]*/y;
// One character or escape at a time would be slow on long strings; a run that stops early stops at the mistake.
const stringRun = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const halfEscape = /\\(?:u[0-9a-fA-F]{0,3})?/y;
const digits = /\d*/y;

type Expected = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd';

function findError(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = skip(space, text, 0);
  while (at < text.length) {
    const char = text[at];
    if (expected === 'colon') {
      if (char !== ':') return at;
      expected = 'value';
      at += 1;
    } else if (expected === 'commaOrEnd') {
      const inside = open.at(-1);
      if (inside === undefined) return at;
      if (char === ',') expected = inside === '{' ? 'key' : 'value';
      else if (char === (inside === '{' ? '}' : ']')) open.pop();
      else return at;
      at += 1;
    } else if (expected === 'key' || expected === 'keyOrEnd') {
      if (char === '}' && expected === 'keyOrEnd') {
        open.pop();
        expected = 'commaOrEnd';
        at += 1;
      } else {
        const end = endOfString(text, at);
        if (end.error) return end.offset;
        expected = 'colon';
        at = end.offset;
      }
    } else if (char === '{' || char === '[') {
      open.push(char);
      expected = char === '{' ? 'keyOrEnd' : 'valueOrEnd';
      at += 1;
    } else if (char === ']' && expected === 'valueOrEnd') {
      open.pop();
      expected = 'commaOrEnd';
      at += 1;
    } else {
      const end = char === '"' ? endOfString(text, at) : endOfLiteral(text, at);
      if (end.error) return end.offset;
      expected = 'commaOrEnd';
      at = end.offset;
    }
    at = skip(space, text, at);
  }
  return text.length;
}

interface End {
  readonly offset: number;
  readonly error: boolean;
}

function endOfString(text: string, at: number): End {
  if (text[at] !== '"') return { offset: at, error: true };
  const end = skip(stringRun, text, at);
  return text[end] === '"' ? { offset: end + 1, error: false } : { offset: skip(halfEscape, text, end), error: true };
}

function endOfLiteral(text: string, at: number): End {
  const word = ['true', 'false', 'null'].find((candidate) => candidate[0] === text[at]);
  return word === undefined ? endOfNumber(text, at) : endOfWord(text, at, word);
}

function endOfWord(text: string, at: number, word: string): End {
  let length = 1;
  while (length < word.length && text[at + length] === word[length]) length += 1;
  return { offset: at + length, error: length < word.length };
}

function endOfNumber(text: string, at: number): End {
  let end = text[at] === '-' ? at + 1 : at;
  const demandDigits = (from: number): boolean => {
    end = skip(digits, text, from);
    return end > from;
  };
  // A number that begins with 0 ends there.
  if (text[end] === '0') end += 1;
  else if (!demandDigits(end)) return { offset: end, error: true };
  if (text[end] === '.' && !demandDigits(end + 1)) return { offset: end, error: true };
  if (text[end] === 'e' || text[end] === 'E') {
    const sign = text[end + 1];
    if (!demandDigits(sign === '+' || sign === '-' ? end + 2 : end + 1)) return { offset: end, error: true };
  }
  return { offset: end, error: false };
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
