// Metrics of several processes as those of one. A process that is gone takes its gauges along; what it counted stays, as a
// sum that becomes less would look like a restart of all.
import { AggregatorRegistry } from 'prom-client';
import type { MetricsReading } from './metrics.ts';

export interface MetricsMerge {
  /** What a process has now. */
  put(process: number, reading: MetricsReading): void;
  /** The process is gone. */
  retire(process: number): Promise<void>;
  /** In the text form of Prometheus. */
  print(): Promise<string>;
}

const counting: ReadonlySet<string> = new Set(['counter', 'histogram']);

export function createMetricsMerge(): MetricsMerge {
  const latest = new Map<number, MetricsReading>();
  let retired: MetricsReading = [];
  return {
    put: (process, reading) => void latest.set(process, reading),
    async retire(process) {
      const last = latest.get(process);
      if (last === undefined) return;
      latest.delete(process);
      retired = await merge([retired, last.filter(({ type }) => counting.has(String(type)))]).getMetricsAsJSON();
    },
    print: () => merge([...latest.values(), retired]).metrics(),
  };
}

function merge(readings: readonly MetricsReading[]) {
  return AggregatorRegistry.aggregate([...readings]);
}
