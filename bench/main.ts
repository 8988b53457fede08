// Measures the gateway in front of an OpenLDAP of many entries, as a client sees it: requests a second, latencies,
// memory. Numbers are for comparing two states of the code on one machine; nothing fails by being slow.
//
//   npm run bench -- [--users 100000] [--seconds 5] [--clients 8] [--only TEXT]

import { parseArgs } from 'node:util';
import { startOpenLdap } from '../test/directories/openldap/start.ts';
import { measure, printRow } from './measure.ts';
import { ldifOfCompany } from './population.ts';
import { scenarios } from './scenarios.ts';
import { startGateway } from './start-gateway.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '8' },
    only: { type: 'string', default: '' },
  },
});
const users = Number(values.users);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const loading = performance.now();
// The memberof overlay costs on each write to a group; the mapping does without it.
const directory = await startOpenLdap({ ldif: ldifOfCompany(users), memberOf: false });
print(`OpenLDAP with ${users} people loaded in ${((performance.now() - loading) / 1000).toFixed(1)} s`);

const gateway = await startGateway(directory);
try {
  print(`gateway idle: ${gateway.memory()}`);
  print('');
  print('| request | clients | req/s | p50 ms | p95 ms | max ms | kB answer | memory |');
  print('|---|--:|--:|--:|--:|--:|--:|---|');
  for (const scenario of scenarios(users)) {
    if (!scenario.name.includes(values.only)) continue;
    const clients = scenario.alone === true ? 1 : Number(values.clients);
    const result = await measure(scenario, gateway, clients, Number(values.seconds));
    print(printRow(scenario.name, clients, result, gateway.memory()));
  }
} finally {
  await gateway.stop();
  await directory.stop();
}
