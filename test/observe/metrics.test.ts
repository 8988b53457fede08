import assert from 'node:assert/strict';
import { createMetricsMerge } from '../../src/observe/merge-metrics.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import type { Observation } from '../../src/observe/observation.ts';

const request: Observation = {
  kind: 'request',
  requestId: 'r1',
  method: 'GET',
  path: '/scim/v2/Users/0684f812',
  route: '/Users/:id',
  status: 200,
  milliseconds: 12,
  client: 'entra',
};

/** The lines of our own metrics; those of the process differ from run to run. */
function own(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith('scim_ldap_') && !line.includes('_bucket{'));
}

async function textOf(...observations: readonly (Observation | readonly [Observation, string])[]) {
  const metrics = createMetrics();
  for (const each of observations) {
    if ('kind' in each) metrics.observe(each);
    else metrics.observe(...each);
  }
  return await metrics.print();
}

describe('metrics', () => {
  it('counts requests by route and status, and times them', async () => {
    const text = await textOf(request, request, { ...request, status: 404, milliseconds: 3000 });
    assert.deepEqual(
      own(text).filter((line) => line.includes('request')),
      [
        'scim_ldap_requests_total{tenant="",method="GET",route="/Users/:id",status="200"} 2',
        'scim_ldap_requests_total{tenant="",method="GET",route="/Users/:id",status="404"} 1',
        'scim_ldap_request_duration_seconds_sum{tenant="",method="GET",route="/Users/:id"} 3.024',
        'scim_ldap_request_duration_seconds_count{tenant="",method="GET",route="/Users/:id"} 3',
      ],
    );
    assert.match(text, /_bucket\{le="0\.02",tenant="",method="GET",route="\/Users\/:id"\} 2\n/);
  });

  it('tells tenants apart', async () => {
    const text = await textOf([request, 'a'], [request, 'b'], [request, 'b']);
    assert.match(text, /requests_total\{tenant="a",.*\} 1\n/);
    assert.match(text, /requests_total\{tenant="b",.*\} 2\n/);
  });

  it('counts LDAP operations by result, connections, changes and caches', async () => {
    const server = 'ldap://127.0.0.1:389';
    const text = await textOf(
      { kind: 'ldapOperation', operation: 'search', code: 0, milliseconds: 1.5 },
      { kind: 'ldapOperation', operation: 'modify', code: 'timeout', milliseconds: 15_000 },
      { kind: 'ldapConnection', state: 'opened', server },
      { kind: 'connections', server, open: 2, inFlight: 3, queued: 4 },
      { kind: 'cache', cache: 'snapshots', hit: true },
      { kind: 'cache', cache: 'snapshots', hit: false },
      { kind: 'cacheSize', cache: 'snapshots', bytes: 1024 },
      { kind: 'workerEnded', worker: 7, reason: 'any', retryMilliseconds: 250 },
      {
        kind: 'change',
        requestId: 'r1',
        client: 'entra',
        operation: 'patch',
        resourceType: 'User',
        id: 'x',
        status: 200,
        ldap: [],
      },
    );
    assert.deepEqual(own(text), [
      'scim_ldap_changes_total{tenant="",operation="patch",resource_type="User",status="200"} 1',
      'scim_ldap_directory_operations_total{tenant="",operation="search",code="0"} 1',
      'scim_ldap_directory_operations_total{tenant="",operation="modify",code="timeout"} 1',
      'scim_ldap_directory_operation_duration_seconds_sum{tenant="",operation="search"} 0.0015',
      'scim_ldap_directory_operation_duration_seconds_count{tenant="",operation="search"} 1',
      'scim_ldap_directory_operation_duration_seconds_sum{tenant="",operation="modify"} 15',
      'scim_ldap_directory_operation_duration_seconds_count{tenant="",operation="modify"} 1',
      `scim_ldap_directory_connection_events_total{tenant="",server="${server}",event="opened"} 1`,
      `scim_ldap_directory_connections{tenant="",server="${server}"} 2`,
      `scim_ldap_directory_operations_in_flight{tenant="",server="${server}"} 3`,
      `scim_ldap_directory_operations_queued{tenant="",server="${server}"} 4`,
      'scim_ldap_cache_requests_total{tenant="",cache="snapshots",result="hit"} 1',
      'scim_ldap_cache_requests_total{tenant="",cache="snapshots",result="miss"} 1',
      'scim_ldap_cache_bytes{tenant="",cache="snapshots"} 1024',
      'scim_ldap_workers_ended_total 1',
    ]);
  });

  it('grows with no client, person, path, number of a server or method that somebody made up', async () => {
    const many = Array.from({ length: 200 }, (_, index): Observation[] => [
      { ...request, method: `M${index}`, path: `/scim/v2/Users/${index}`, client: `c${index}`, requestId: `r${index}` },
      { ...request, path: `/${index}`, route: '' },
      { kind: 'ldapOperation', operation: 'search', code: 4000 + index, milliseconds: 1 },
      {
        kind: 'change',
        requestId: 'r',
        client: `c${index}`,
        operation: 'create',
        resourceType: 'User',
        id: String(index),
        status: 201,
        ldap: [`add uid=${index},ou=people`],
      },
    ]).flat();
    const text = await textOf(...many);
    assert.equal(own(text).filter((line) => line.includes('_total')).length, 5);
    assert.doesNotMatch(text, /M\d|c\d|uid=/);
  });

  it('asks how things stand when it is read', async () => {
    const metrics = createMetrics(() =>
      metrics.observe({ kind: 'connections', server: 's', open: 5, inFlight: 0, queued: 0 }),
    );
    assert.match(await metrics.print(), /scim_ldap_directory_connections\{tenant="",server="s"\} 5\n/);
  });

  it('tells of the process and its event loop', async () => {
    const text = await createMetrics().print();
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      assert.match(text, new RegExp(`^${name} [\\d.e-]+$`, 'm'));
  });
});

describe('metrics of several processes', () => {
  it('are summed, and what a process that is gone has counted stays', async () => {
    const merge = createMetricsMerge();
    const all = [createMetrics(), createMetrics()] as const;
    for (const [index, metrics] of all.entries()) {
      for (let times = 0; times <= index; times += 1) metrics.observe(request);
      metrics.observe({ kind: 'connections', server: 's', open: 2, inFlight: 0, queued: 0 });
    }
    for (const [index, metrics] of all.entries()) merge.put(index, await metrics.read());
    const before = await merge.print();
    assert.match(before, /requests_total\{.*\} 3\n/);
    assert.match(before, /request_duration_seconds_count\{.*\} 3\n/);
    assert.match(before, /directory_connections\{.*\} 4\n/);
    await merge.retire(1);
    await merge.retire(7);
    const then = await merge.print();
    assert.match(then, /requests_total\{.*\} 3\n/);
    assert.match(then, /request_duration_seconds_bucket\{le="0\.02",.*\} 3\n/);
    assert.match(then, /directory_connections\{.*\} 2\n/);
    await merge.retire(0);
    assert.match(await merge.print(), /requests_total\{.*\} 3\n/);
  });
});
