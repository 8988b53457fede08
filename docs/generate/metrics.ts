// The metrics that /metrics shows, as the program makes them.
import { createMetrics } from '../../src/observe/metrics.ts';
import { inlineCode, printTable } from './regions.ts';

export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

export async function describeMetrics(): Promise<readonly MetricDescription[]> {
  const { registry } = createMetrics();
  // prom-client has them; its types do not.
  const labels = new Map(
    registry.getMetricsAsArray().map((metric) => {
      const { name, labelNames } = metric as unknown as {
        readonly name: string;
        readonly labelNames: readonly string[];
      };
      return [name, labelNames];
    }),
  );
  const all = await registry.getMetricsAsJSON();
  return all.map(({ name, type, help }) => ({ name, type: String(type), labels: labels.get(name) ?? [], help }));
}

const isOwn = ({ name }: MetricDescription): boolean => name.startsWith('scim_ldap_');

export async function printMetrics(): Promise<string> {
  const all = await describeMetrics();
  return printRows(all.filter(isOwn));
}

/** Those that every program with prom-client has. */
export async function printProcessMetrics(): Promise<string> {
  const all = await describeMetrics();
  return printRows(all.filter((metric) => !isOwn(metric)));
}

function printRows(metrics: readonly MetricDescription[]): string {
  return printTable(
    ['metric', 'type', 'labels', 'what it says'],
    metrics.map(({ name, type, labels, help }) => [
      inlineCode(name),
      type,
      labels.map(inlineCode).join(', '),
      help.endsWith('.') ? help : `${help}.`,
    ]),
  );
}
