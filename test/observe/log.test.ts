import assert from 'node:assert/strict';
import { createLog, type LogLevel } from '../../src/observe/log.ts';
import type { Observation } from '../../src/observe/observation.ts';

const request: Observation = {
  kind: 'request',
  requestId: 'r1',
  method: 'GET',
  path: '/scim/v2/Users',
  route: '/Users',
  status: 200,
  milliseconds: 1.23456,
  client: 'entra',
};
const operation: Observation = { kind: 'ldapOperation', operation: 'search', code: 0, milliseconds: 2 };

function log(level: LogLevel, ...observations: readonly Observation[]): readonly Record<string, unknown>[] {
  const lines: string[] = [];
  const observe = createLog({ level, stream: { write: (line: string) => lines.push(line) } });
  for (const observation of observations) observe(observation);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('log', () => {
  it('writes one JSON object a line, with an ISO time', () => {
    const [line] = log('info', request);
    const { time, ...rest } = line ?? {};
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual(rest, { ...request, level: 30, milliseconds: 1.2, msg: 'GET /scim/v2/Users 200' });
  });

  it('names the tenant where there is one', () => {
    const lines: string[] = [];
    const observe = createLog({ level: 'info', stream: { write: (line: string) => lines.push(line) } });
    observe(request, 'acme');
    observe(request);
    observe({ kind: 'tenantFailed', error: new Error('x'), retrySeconds: 2 }, 'globex');
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      told.map(({ tenant, kind, level }) => [tenant, kind, level]),
      [
        ['acme', 'request', 30],
        [undefined, 'request', 30],
        ['globex', 'tenantFailed', 50],
      ],
    );
  });

  for (const [level, observations, kinds] of [
    ['info', [request, operation], ['request']],
    ['debug', [request, operation], ['request', 'ldapOperation']],
    ['warn', [request, { ...request, status: 503 }], ['request']],
    ['silent', [request, { kind: 'requestFailed', requestId: 'r1', error: new Error('x') }], []],
  ] as const) {
    it(`tells at level ${level}: ${kinds.join(', ')}`, () => {
      assert.deepEqual(
        log(level, ...observations).map(({ kind }) => kind),
        kinds,
      );
    });
  }

  it('O3 keeps stack and causes of an error for the operator, and nothing else that hangs on it', () => {
    const cause = new RangeError('inner');
    const error = Object.assign(new TypeError('outer', { cause }), { body: 'secret', request: { password: 'secret' } });
    const [line] = log('info', { kind: 'requestFailed', requestId: 'r1', error });
    const told = line?.['error'] as { name: string; message: string; stack: string; cause: { name: string } };
    assert.equal(told.name, 'TypeError');
    assert.equal(told.message, 'outer');
    assert.match(told.stack, /log\.test/);
    assert.equal(told.cause.name, 'RangeError');
    assert.doesNotMatch(JSON.stringify(line), /secret/);
  });

  it('survives errors that are none, and rings of causes', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    for (const error of [ring, 'text', undefined, { password: 'secret' }]) {
      const lines = log('info', { kind: 'requestFailed', requestId: 'r1', error });
      assert.equal(lines.length, 1);
      assert.doesNotMatch(JSON.stringify(lines), /secret/);
    }
  });
});
