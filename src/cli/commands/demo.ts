// A gateway to try: in front of the embedded directory, or of a real one that is started for it. Everything lives
// on loopback and ends with the command.
import { createLog } from '../../observe/log.ts';
import { startServer } from '../../server.ts';
import { type Call, type Command, numberOption, type Output, UsageError } from '../command.ts';
import { demoConfig } from '../demo/demo-config.ts';
import type { DemoDirectory, DemoKind, DemoSize } from '../demo/demo-directory.ts';
import { describeDemo } from '../demo/describe-demo.ts';
import { untilSignal } from '../until-signal.ts';

const kinds: readonly DemoKind[] = ['embedded', 'openldap', '389ds', 'samba-ad'];

export const demo: Command = {
  name: 'demo',
  summary: 'run a gateway with made-up people and groups, for trying',
  words: [{ name: 'directory', summary: 'what stands behind it', values: kinds, default: 'embedded' }],
  options: [
    { name: 'users', value: 'N', summary: 'people to make up (default 50)' },
    { name: 'groups', value: 'N', summary: 'groups to make up (default 8)' },
    { name: 'biggest-group', value: 'N', summary: 'members of the largest group (default 50, or all people)' },
    { name: 'port', value: 'N', summary: 'port of the gateway (default 8080; 0 for any free one)' },
    { name: 'json', summary: 'print one line of JSON when ready' },
  ],
  async run(call, output) {
    const size = readSize(call);
    const port = numberOption(call, 'port', { min: 0, max: 65_535 }) ?? 8080;
    const kind = kinds.find((each) => each === call.words[0]) ?? 'embedded';
    const signal = untilSignal();
    output.say(`Filling the directory: ${size.users} people, ${size.groups} groups ...`);
    // Loaded here, so that no other command pays for a directory server.
    const { startDemoDirectory } = await import('../demo/demo-directory.ts');
    const directory = await startDemoDirectory(kind, size);
    try {
      const { config, token } = demoConfig(directory, port);
      const server = await startServer(config, createLog({ level: config.log.level, stream: process.stderr }));
      await announce({ url: server.url, token, directory }, call, output);
      await server.stop(await signal, 5);
    } finally {
      await directory.stop();
    }
    return 0;
  },
};

function readSize(call: Call): DemoSize {
  const users = numberOption(call, 'users', { min: 1, max: 1_000_000 }) ?? 50;
  const groups = numberOption(call, 'groups', { min: 0, max: 100_000 }) ?? 8;
  const biggestGroup = numberOption(call, 'biggest-group', { min: 1, max: 1_000_000 }) ?? Math.min(50, users);
  if (biggestGroup > users) {
    throw new UsageError(`--biggest-group ${biggestGroup} needs as many people: --users ${biggestGroup}`);
  }
  return { users, groups, biggestGroup };
}

interface Ready {
  readonly url: string;
  readonly token: string;
  readonly directory: DemoDirectory;
}

async function announce(ready: Ready, call: Call, output: Output): Promise<void> {
  const { url, token, directory } = ready;
  if (!call.switches.has('json')) {
    const [userId, groupId] = await Promise.all([firstId(ready, '/Users'), firstId(ready, '/Groups')]);
    output.print(describeDemo({ ...ready, userId, groupId }));
    return;
  }
  const { bindDn, password, suffix } = directory;
  const line = { url, token, directory: { url: directory.url, bindDn, password, suffix }, pid: process.pid };
  output.print(JSON.stringify(line));
}

/** An id that exists, read as any client would, so that what is printed has been tried. */
async function firstId({ url, token }: Ready, endpoint: string): Promise<string | undefined> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${url}${endpoint}?count=1&attributes=id`, { headers });
  const list = (await response.json()) as { readonly Resources?: readonly { readonly id: string }[] };
  return list.Resources?.[0]?.id;
}
