// Changes BER as a tree of elements, and writes lengths that fit, as the reader gives up at the first one that does not.
import type { Random } from './random.ts';

type Element = { readonly tag: number } & ({ readonly value: Buffer } | { readonly children: readonly Element[] });

export function mutateBer(seed: Buffer, other: Buffer, random: Random, words: readonly Buffer[]): Buffer {
  const elements = readElements(seed, 0);
  const donors = readElements(other, 0);
  if (elements === undefined) return seed;
  let changed: readonly Element[] = elements;
  for (let step = random.below(3); step >= 0; step -= 1) changed = changeList(changed, donors ?? [], random, words);
  return Buffer.concat(changed.map(write));
}

/** Undefined where the octets are no sequence of elements. */
function readElements(bytes: Buffer, depth: number): readonly Element[] | undefined {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [tag = 0, first = 0] = [bytes[at], bytes[at + 1]];
    const octets = first < 0x80 ? 0 : first & 0x7f;
    if (at + 2 + octets > bytes.length || octets > 4 || first === 0x80) return undefined;
    const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
    const start = at + 2 + octets;
    if (start + length > bytes.length) return undefined;
    const value = bytes.subarray(start, start + length);
    // Primitive elements hold elements, too: the values of controls and of extended operations.
    const mayNest = (tag & 0x20) !== 0 || (value[0] === 0x30 && value.length > 1);
    const children = mayNest && depth < 20 ? readElements(value, depth + 1) : undefined;
    elements.push(children === undefined ? { tag, value } : { tag, children });
    at = start + length;
  }
  return elements;
}

function changeList(
  list: readonly Element[],
  donors: readonly Element[],
  random: Random,
  words: readonly Buffer[],
): readonly Element[] {
  const at = random.below(list.length);
  const found = list[at];
  if (found === undefined) return donors.length === 0 ? list : [part(donors, random)];
  switch (random.below(9)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, found);
    case 2:
      return donors.length === 0 ? list : list.with(at, part(donors, random));
    case 3:
      return list.with(at, { tag: random.pick(tags) ?? random.below(256), ...contentOf(found) });
    case 4:
      return random.oneIn(4) ? list.with(at, { tag: found.tag, children: [found] }) : list;
    default: {
      if ('children' in found) {
        return list.with(at, { tag: found.tag, children: changeList(found.children, donors, random, words) });
      }
      return list.with(at, { tag: found.tag, value: changeValue(found.value, random, words) });
    }
  }
}

const tags = [0x01, 0x02, 0x04, 0x05, 0x0a, 0x30, 0x31, 0x80, 0x81, 0x83, 0x84, 0x87, 0xa0, 0xa1, 0xa2, 0xa3, 0xa9];

function contentOf(element: Element): { readonly value: Buffer } | { readonly children: readonly Element[] } {
  return 'children' in element ? { children: element.children } : { value: element.value };
}

function changeValue(value: Buffer, random: Random, words: readonly Buffer[]): Buffer {
  switch (random.below(6)) {
    case 0:
      return random.pick(words) ?? value;
    case 1:
      return Buffer.concat([value, random.pick(words) ?? value]);
    case 2:
      return Buffer.alloc(0);
    case 3:
      return Buffer.from(random.pick(oddIntegers) ?? [0]);
    case 4:
      return value.subarray(0, random.below(value.length));
    default: {
      const changed = Buffer.from(value.length === 0 ? [0] : value);
      changed[random.below(changed.length)] = random.below(256);
      return changed;
    }
  }
}

const oddIntegers = [[0xff], [0x80], [0x7f], [0, 0xff], [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [1, 0, 0, 0, 0]];

function part(elements: readonly Element[], random: Random): Element {
  let found = random.pick(elements) ?? { tag: 0x05, value: Buffer.alloc(0) };
  while ('children' in found && found.children.length > 0 && !random.oneIn(4)) {
    found = random.pick(found.children) ?? found;
  }
  return found;
}

function write(element: Element): Buffer {
  const content = 'children' in element ? Buffer.concat(element.children.map(write)) : element.value;
  const { length } = content;
  const head =
    length < 0x80
      ? [element.tag, length]
      : [element.tag, 0x83, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
