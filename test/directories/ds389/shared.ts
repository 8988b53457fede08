// The one 389 Directory Server of a test run, started by the first suite that asks. A suite keeps to its own part of the
// tree.

import { Client } from 'ldapts';
import { addSuiteBase, type SuiteBase } from '../openldap/shared.ts';
import type { Ds389 } from './recipe.ts';
import { startDs389 } from './start.ts';

let running: Promise<Ds389> | undefined;
const bases = new Set<string>();

/** The server of this run. Tests must not stop it; `test/hooks.ts` does. */
export async function getDs389(): Promise<Ds389> {
  running ??= startDs389();
  return await running;
}

export async function stopDs389(): Promise<void> {
  const server = await running?.catch(() => undefined);
  running = undefined;
  bases.clear();
  await server?.stop();
}

/** A part of the tree in which a suite works alone. `name` is unique in the run. */
export async function createSuiteBase(name: string): Promise<SuiteBase> {
  if (bases.has(name)) throw new Error(`Two suites want the base ${name}`);
  bases.add(name);
  const server = await getDs389();
  const client = new Client({ url: server.url });
  try {
    await client.bind(server.rootDn, server.rootPassword);
    return await addSuiteBase(client, name, server.suffix);
  } finally {
    await client.unbind();
  }
}
