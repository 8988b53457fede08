// Brings up what is measured: a directory with the company in it, the gateway in front of it, and the clients.

import type { OpenLdap } from '../test/directories/openldap/recipe.ts';
import { startOpenLdap } from '../test/directories/openldap/start.ts';
import type { Company } from './company.ts';
import type { Bench } from './compare.ts';
import { startGateway } from './gateway-process.ts';
import { ldaptsClient } from './ldapts-client.ts';
import { countOperations } from './operation-counter.ts';
import { ownClient } from './own-client.ts';
import { median } from './statistics.ts';

export interface Ground {
  readonly bench: Bench;
  readonly directory: OpenLdap;
  /** Median of some starts of the gateway. */
  readonly readyMilliseconds: number;
}

const starts = 3;

export async function withBench<T>(
  company: Company,
  clients: number,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  // The memberof overlay costs on each write to a group; the mapping does without it.
  const directory = await startOpenLdap({ ldif: company.ldif(), memberOf: false, measured: true });
  stack.defer(() => directory.stop());
  const ready: number[] = [];
  for (let start = 1; start < starts; start += 1) {
    const gateway = await startGateway(directory);
    ready.push(gateway.readyMilliseconds);
    await gateway.stop();
  }
  const gateway = await startGateway(directory);
  stack.defer(() => gateway.stop());
  const https = Array.from({ length: clients }, () => gateway.connect());
  stack.defer(async () => void (await Promise.all(https.map((http) => http.close()))));
  const own = ownClient(directory);
  stack.defer(() => own.close());
  const ldapts = await ldaptsClient(directory);
  stack.defer(() => ldapts.close());
  const counter = await countOperations(directory);
  stack.defer(() => counter.close());
  const readyMilliseconds = median([...ready, gateway.readyMilliseconds]);
  return await work({ bench: { gateway, https, own, ldapts, counter }, directory, readyMilliseconds });
}
