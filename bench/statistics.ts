// Numbers out of many.

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

/** `share` from 0 to 1; 0 of nothing. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export type Growth = 'flat' | 'logarithmic' | 'linear';

/** More than noise between the first and the last of a series. */
const noise = 1.5;

/**
 * How costs follow sizes. Flat: the last is no more than noise above the first. Otherwise whichever line fits better, over the logarithm of the size
 * or over the size itself, by the squares of the relative errors.
 */
export function growthOf(points: readonly { readonly size: number; readonly cost: number }[]): Growth | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < 3 || first === undefined || last === undefined) return undefined;
  if (last.cost / first.cost < noise) return 'flat';
  const linear = errorOfLine(points.map(({ size, cost }) => ({ x: size, y: cost })));
  const logarithmic = errorOfLine(points.map(({ size, cost }) => ({ x: Math.log(size), y: cost })));
  return linear < logarithmic ? 'linear' : 'logarithmic';
}

/** Least squares, each point weighted by 1/y², so that a small size counts as much as a large one. */
function errorOfLine(points: readonly { readonly x: number; readonly y: number }[]): number {
  const sum = (of: (x: number, y: number) => number): number =>
    points.reduce((total, { x, y }) => total + of(x, y) / (y * y), 0);
  const [w, wx, wy] = [sum(() => 1), sum((x) => x), sum((_x, y) => y)];
  const slope = (w * sum((x, y) => x * y) - wx * wy) / (w * sum((x) => x * x) - wx * wx);
  const start = (wy - slope * wx) / w;
  return points.reduce((total, { x, y }) => total + ((start + slope * x - y) / y) ** 2, 0);
}
