// What a second process gains on one machine: two gateways in front of one slapd, one with one process and one with
// several, asked in turns. Load and slapd share the cores with them, which is why the gain stays below the number of
// processes; a machine with cores to spare shows more.
//
//   tools/node/run node bench/workers.ts [--workers 2] [--users 1000] [--clients 32] [--rounds 10] [--seconds 1]

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startOpenLdap } from '../test/directories/openldap/start.ts';
import { measureRound, median } from './measure.ts';
import { ldifOfCompany } from './population.ts';
import { startGateway } from './start-gateway.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    users: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '1' },
  },
});
const [workers, users, clients, rounds, seconds] = [
  values.workers,
  values.users,
  values.clients,
  values.rounds,
  values.seconds,
].map(Number) as [number, number, number, number, number];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const directory = await startOpenLdap({ ldif: ldifOfCompany(users), memberOf: false });
const gateways = [await startGateway(directory), await startGateway(directory, workers)] as const;
const connections = gateways.map((gateway) => Array.from({ length: clients }, () => gateway.connect()));
try {
  print(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
  print(`${users} people, ${clients} connections, ${rounds} rounds of ${seconds} s\n`);
  print(`| request | 1 process, req/s | ${workers} processes, req/s | ratio |\n|---|--:|--:|--:|`);
  for (const [name, path] of [
    ['/ServiceProviderConfig, no LDAP', '/ServiceProviderConfig'],
    ['userName eq', `/Users?filter=${encodeURIComponent('userName eq "user7"')}`],
  ] as const) {
    const ask = async (gateway: number): Promise<number> => {
      const work = async (_index: number, client: number): Promise<void> => {
        const answer = await connections[gateway]?.[client]?.send('GET', path);
        if (answer?.status !== 200) throw new Error(`${name}: ${answer?.status} ${answer?.text}`);
      };
      return (await measureRound(work, clients, seconds, 0)).perSecond;
    };
    const measured: (readonly [one: number, several: number])[] = [];
    // The first three warm up: V8 compiles what is hot in every process.
    for (let round = -3; round < rounds; round += 1) {
      const pair = [await ask(0), await ask(1)] as const;
      if (round >= 0) measured.push(pair);
    }
    const [one, several] = [measured.map(([each]) => each), measured.map(([, each]) => each)];
    const ratio = median(measured.map(([first, second]) => second / first));
    print(`| ${name} | ${median(one).toFixed(0)} | ${median(several).toFixed(0)} | ${ratio.toFixed(2)} |`);
  }
} finally {
  for (const connection of connections.flat()) connection.close();
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await directory.stop();
}
