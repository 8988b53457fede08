// What dashboard and alert rules name is what the gateway tells.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describeMetrics, type MetricDescription } from '../../docs/generate/metrics.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

function read(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
}

const dashboard = JSON.parse(read('deploy/grafana/scim-ldap.json')) as Dashboard;
const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const expressions: readonly (readonly [where: string, expression: string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.templating.list.map(({ query }) => ['a variable', query] as const),
];

/** Labels that Prometheus adds, and that of buckets. */
const added = ['job', 'instance', 'le'];

/** Every metric of an expression, with the labels that it is chosen by. */
function selectorsOf(expression: string): (readonly [metric: string, labels: readonly string[]])[] {
  return [...expression.matchAll(/\b((?:scim_ldap|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', chosen = '']) => [
      metric,
      [...chosen.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)].map(([, label = '']) => label),
    ],
  );
}

describe('dashboard and alert rules', () => {
  let metrics: ReadonlyMap<string, MetricDescription>;

  before(async () => {
    const all = await describeMetrics();
    metrics = new Map(
      all.flatMap((each) => {
        const names =
          each.type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => each.name + end) : [each.name];
        return names.map((name) => [name, each] as const);
      }),
    );
  });

  it('are there', () => {
    assert.ok(rules.length >= 9);
    assert.ok(dashboard.panels.length >= 18);
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
  });

  it('name metrics that exist, by labels that they have', () => {
    for (const [where, expression] of expressions) {
      const selectors = selectorsOf(expression);
      for (const [name, labels] of selectors) {
        const metric = metrics.get(name);
        assert.ok(metric, `${where}: there is no metric ${name}`);
        for (const label of labels)
          assert.ok([...metric.labels, ...added].includes(label), `${where}: ${name} has no ${label}`);
      }
      const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
      const known = [...added, ...selectors.flatMap(([name]) => metrics.get(name)?.labels ?? [])];
      for (const label of grouped) assert.ok(known.includes(label), `${where}: nothing has the label ${label}`);
    }
  });

  it('show every metric of ours', () => {
    const named = new Set(
      expressions.flatMap(([, expression]) => selectorsOf(expression).map(([name]) => metrics.get(name)?.name)),
    );
    const own = [...metrics.values()].map(({ name }) => name).filter((name) => name.startsWith('scim_ldap_'));
    assert.deepEqual(
      [...new Set(own)].filter((name) => !named.has(name)),
      [],
    );
  });

  it('close what they open', () => {
    for (const [where, expression] of expressions) {
      for (const [open, close] of ['()', '{}', '[]'] as const) {
        const count = (sign: string | undefined): number => expression.split(sign ?? '').length;
        assert.equal(count(open), count(close), `${where}: ${expression}`);
      }
    }
  });

  it('each alert has a severity, a sentence, and its row in operations.md', () => {
    const documented = [...read('docs/operations.md').matchAll(/^\| `(ScimLdap\w+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(documented.toSorted(), rules.map(({ alert }) => alert).toSorted());
    for (const { alert, labels, annotations } of rules) {
      assert.match(labels.severity, /^(critical|warning)$/, alert);
      assert.ok(annotations.summary.length > 10, alert);
    }
  });
});
