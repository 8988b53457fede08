// A directory server in a container: run.sh of its recipe keeps watch over it as it does on the machine itself, in an image
// that has the product's packages and nothing of the recipe.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { imageOf, type Product } from './launcher.ts';
import type { ServerProcess } from './server-process.ts';
import { untilUp } from './until-up.ts';

export interface ContainerRecipe {
  readonly product: Product;
  /** Who runs all of it. */
  readonly user: string;
  /** The text of run.sh. */
  readonly script: string;
  readonly args: readonly string[];
  /** What the server listens at, on all addresses. */
  readonly ports: readonly number[];
  /** Where it logs to, in its folder. */
  readonly logs: readonly string[];
  /** Fills `dir` with what the script works in; `read` gives the text of a file of the image. */
  fill(dir: string, read: (path: string) => Promise<string>): Promise<unknown>;
}

export interface ServerContainer extends ServerProcess {
  /** Where a port of the server is reached from here, as `host:port`. */
  addressOf(port: number): string;
  /** Brings a file of the server's folder here, for as long as the server runs. */
  fetch(name: string): Promise<string>;
  log(): string;
}

/** The folder of the recipe as the server sees it. */
export const serverDir = '/recipe/server';
const words = '/recipe/words';

const serveScript = readFileSync(new URL('serve.sh', import.meta.url), 'utf8');

export async function runContainer(recipe: ContainerRecipe): Promise<ServerContainer> {
  const { product, user, script, args, ports, logs, fill } = recipe;
  let logged = '';
  let hasEnded = false;
  const container = await new GenericContainer(imageOf(product))
    .withCommand(['bash', '-c', serveScript, 'serve.sh', script, user, logs.join(' '), ...args])
    .withExposedPorts(...ports)
    .withLogConsumer((stream) => {
      stream.on('data', (chunk: Buffer | string) => {
        logged += String(chunk);
      });
      stream.on('end', () => {
        hasEnded = true;
      });
    })
    .withWaitStrategy(Wait.forLogMessage('waiting for the recipe'))
    .start();
  const dir = mkdtempSync(join(tmpdir(), `scim-ldap-${product.slug}-`));
  const stop = async (): Promise<void> => {
    await container.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  const say = async (word: string): Promise<void> => {
    await runIn(container, ['bash', '-c', `echo ${word} >>${words}`]);
  };
  const read = (path: string): Promise<string> => runIn(container, ['cat', path]);
  try {
    await fill(dir, read);
    await container.copyDirectoriesToContainer([{ source: dir, target: serverDir }]);
    await say('');
  } catch (error) {
    await stop();
    throw error;
  }
  // The certificates of the recipes are for the address too.
  const host = container.getHost() === 'localhost' ? '127.0.0.1' : container.getHost();
  return {
    addressOf: (port) => `${host}:${container.getMappedPort(port)}`,
    async fetch(name) {
      const file = join(dir, name.replaceAll('/', '-'));
      writeFileSync(file, await read(`${serverDir}/${name}`), { mode: 0o600 });
      return file;
    },
    log: () => logged,
    say,
    untilUp: (isUp, limit) => untilUp({ hasEnded: () => hasEnded, said: () => logged }, isUp, limit),
    stop,
  };
}

async function runIn(container: StartedTestContainer, command: string[]): Promise<string> {
  const { output, exitCode } = await container.exec(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} failed in the container: ${output}`);
  return output;
}
