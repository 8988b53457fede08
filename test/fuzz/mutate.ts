// Makes an input from others: octets of any shape, and where the shape is known, its parts, so that what comes out is
// often well-formed and odd only in one place.
import type { FuzzTarget } from './fuzz-target.ts';
import { mutateBer } from './mutate-ber.ts';
import { mutateJson } from './mutate-json.ts';
import type { Random } from './random.ts';

/** Longer ones tell nothing more, but for code whose time grows faster than its input: see `grow`. */
const usualBytes = 4096;
const mostBytes = 131_072;

export type Mutate = (corpus: readonly Buffer[]) => Buffer;

export function createMutate({ shape, dictionary }: FuzzTarget, random: Random): Mutate {
  const words = [...dictionary, ...commonWords].map((word) => Buffer.from(word, 'utf8'));
  return (corpus) => {
    const seed = random.pick(corpus) ?? Buffer.alloc(0);
    const other = random.pick(corpus) ?? seed;
    if (shape === 'json' && !random.oneIn(3)) return cut(mutateJson(seed, other, random, dictionary));
    if (shape === 'ber' && !random.oneIn(3)) return cut(mutateBer(seed, other, random, words));
    if (random.oneIn(2000)) return grow(seed, random, words);
    let input = seed;
    for (let step = random.below(6); step >= 0; step -= 1) input = mutateOctets(input, other, random, words, shape);
    return cut(input);
  };
}

function cut(input: Buffer): Buffer {
  return input.length > usualBytes ? input.subarray(0, usualBytes) : input;
}

/** One part again and again: what is slow shows. */
function grow(input: Buffer, random: Random, words: readonly Buffer[]): Buffer {
  const [from, to] = range(input, random);
  const part = random.oneIn(2) ? (random.pick(words) ?? input) : input.subarray(from, to);
  if (part.length === 0) return input;
  const times = Math.ceil((1 + random.below(mostBytes)) / part.length);
  const repeated = Buffer.concat(Array.from({ length: times }, () => part));
  return Buffer.concat([input.subarray(0, from), repeated, input.subarray(to)]).subarray(0, mostBytes);
}

function mutateOctets(
  input: Buffer,
  other: Buffer,
  random: Random,
  words: readonly Buffer[],
  shape: FuzzTarget['shape'],
): Buffer {
  const [from, to] = shape === 'lines' && !random.oneIn(3) ? lines(input, random) : range(input, random);
  const [head, part, tail] = [input.subarray(0, from), input.subarray(from, to), input.subarray(to)];
  switch (random.below(9)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return Buffer.concat([head, part, part, tail]);
    case 2:
      return Buffer.concat([head, random.pick(words) ?? part, tail]);
    case 3:
      return Buffer.concat([head, random.pick(words) ?? part, part, tail]);
    case 4: {
      const [start, end] = shape === 'lines' ? lines(other, random) : range(other, random);
      return Buffer.concat([head, other.subarray(start, end), tail]);
    }
    case 5:
      return Buffer.concat([input.subarray(to), head]);
    case 6:
      return changeNumber(input, random);
    case 7:
      return changeOctet(input, random, random.below(256));
    default:
      return changeOctet(input, random, (input[from] ?? 0) ^ (1 << random.below(8)));
  }
}

function range(input: Buffer, random: Random): [from: number, to: number] {
  const from = random.below(input.length + 1);
  return [from, Math.min(input.length, from + random.below(random.oneIn(4) ? 64 : 8))];
}

function lines(input: Buffer, random: Random): [from: number, to: number] {
  const [at] = range(input, random);
  const from = input.lastIndexOf(0x0a, at) + 1;
  const end = input.indexOf(0x0a, at);
  return [from, end < 0 ? input.length : end + 1];
}

function changeOctet(input: Buffer, random: Random, value: number): Buffer {
  if (input.length === 0) return Buffer.from([value]);
  const changed = Buffer.from(input);
  changed[random.below(input.length)] = value;
  return changed;
}

function changeNumber(input: Buffer, random: Random): Buffer {
  const text = input.toString('latin1');
  const numbers = [...text.matchAll(/\d+/g)];
  const found = random.pick(numbers);
  if (found === undefined) return changeOctet(input, random, 0x30 + random.below(10));
  const end = found.index + found[0].length;
  return Buffer.from(`${text.slice(0, found.index)}${random.pick(oddNumbers) ?? ''}${text.slice(end)}`, 'latin1');
}

const oddNumbers = ['0', '-1', '1e999', '2147483648', '9007199254740993', '00', '1.5', '99999999999999999999', '-0'];

const commonWords = [
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\0',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '\u00a0',
  '\u2028',
  '\ufeff',
  'ß',
  '😀',
  '%00',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'null',
  'true',
  'NaN',
  '[object Object]',
  '-1',
  '1e308',
  '*',
  '(',
  ')',
  ')(',
  '&',
  '|',
  '!',
  ',',
  '=',
  '+',
  ';',
  '<',
  '>',
  '#',
  '/',
  '..',
  '${x}',
  '$',
  '{',
  '}',
  '[',
  ']',
];
