// Targets with a fault each, which a fuzzer that is worth its time finds.
import type { FuzzTarget } from './fuzz-target.ts';

const common = { shape: 'text', dictionary: ['bad'], weight: 1 } as const;
const kept: Buffer[] = [];

export const fuzzTargets: readonly FuzzTarget[] = [
  {
    ...common,
    name: 'crashes',
    prepare: () => (input) => {
      if (input.includes('bad')) throw new TypeError('planted');
    },
  },
  {
    ...common,
    name: 'dawdles',
    prepare: () => (input) => {
      const start = process.threadCpuUsage().user;
      while (input.includes('bad') && process.threadCpuUsage().user - start < 1_100_000);
    },
  },
  {
    ...common,
    name: 'ends-never',
    prepare: () => (input) => {
      while (input.includes('bad'));
    },
  },
  {
    ...common,
    name: 'forgets-nothing',
    prepare: () => () => {
      kept.push(Buffer.alloc(100_000, 'x'));
    },
  },
  { ...common, name: 'is-in-order', prepare: () => () => undefined },
];
