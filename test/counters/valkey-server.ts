// A Valkey or Redis server of a test: a process of its own on loopback, in memory alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { isCommand } from '../directories/apt.ts';
import { findFreePort } from '../directories/loopback.ts';
import { untilUp } from '../directories/until-up.ts';

export interface ValkeyServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where there is one: by the name of either. */
export function findValkey(): string | undefined {
  return ['valkey-server', 'redis-server'].find(isCommand);
}

/** `port` to come back at the same place. */
export async function startValkey(port?: number): Promise<ValkeyServer & { readonly port: number }> {
  const command = findValkey();
  if (command === undefined) throw new Error('Neither valkey-server nor redis-server is installed');
  const chosen = port ?? (await findFreePort());
  const options = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(command, options, { cwd: '/tmp', stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const exited = once(child, 'exit');
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  await untilUp({ hasEnded: () => child.exitCode !== null, said: () => said }, () => answers(chosen), 10_000);
  return {
    port: chosen,
    url: `redis://127.0.0.1:${chosen}`,
    async stop() {
      process.off('exit', end);
      end();
      await exited;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
