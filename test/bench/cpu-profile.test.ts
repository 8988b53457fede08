import assert from 'node:assert/strict';
import { areasOf } from '../../bench/cpu-profile.ts';

const frame = (functionName: string, url = '') => ({
  functionName,
  url,
  scriptId: '0',
  lineNumber: 0,
  columnNumber: 0,
});

describe('areas of a CPU profile', () => {
  it('gives native code to who called it, a write to who wanted it, and leaves idle time out', () => {
    const profile = {
      startTime: 0,
      endTime: 1000,
      nodes: [
        { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 6] },
        { id: 2, callFrame: frame('(idle)') },
        { id: 3, callFrame: frame('(garbage collector)') },
        { id: 4, callFrame: frame('flush', 'file:///x/src/ldap/client/connection.ts'), children: [5, 9] },
        { id: 5, callFrame: frame('writeBuffer', 'node:internal/stream_base_commons'), children: [8] },
        { id: 6, callFrame: frame('dispatch', 'file:///x/node_modules/koa-compose/index.js'), children: [7] },
        { id: 7, callFrame: frame('(anonymous)', 'file:///x/src/scim/projection.ts') },
        { id: 8, callFrame: frame('writeBuffer') },
        { id: 9, callFrame: frame('utf8Slice') },
      ],
      samples: [2, 3, 4, 8, 6, 7, 9],
      timeDeltas: [500, 10, 20, 30, 25, 15, 0],
    };
    assert.deepEqual(areasOf(profile), [
      ['writes to a socket: to the directory', 0.3],
      ['Koa and the router', 0.25],
      ['src/ldap/client', 0.2],
      ['src/scim', 0.15],
      ['(garbage collector)', 0.1],
    ]);
  });
});
