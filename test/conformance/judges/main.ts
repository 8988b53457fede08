// `npm run conformance`: outside judges look at the demo, in front of the embedded directory and of OpenLDAP. Prints a
// table, and puts it into docs/conformance.md when every judge could be heard on both.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnCli } from '../../cli/spawn-cli.ts';
import { product as openLdap } from '../../directories/openldap/recipe.ts';
import type { Judge, Target, Verdict } from './judge.ts';
import { oktaSpec } from './okta-spec.ts';
import { scim2Tester } from './scim2-tester.ts';

const document = fileURLToPath(new URL('../../../docs/conformance.md', import.meta.url));
const judges: readonly Judge[] = [scim2Tester, oktaSpec];
const directories = { embedded: 'embedded directory', openldap: 'OpenLDAP' } as const;

interface Hearing {
  readonly judge: string;
  readonly directory: string;
  readonly verdicts: readonly Verdict[];
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function withDemo<T>(kind: keyof typeof directories, work: (target: Target) => Promise<T>): Promise<T> {
  const demo = spawnCli(['demo', kind, '--json', '--port', '0']);
  try {
    return await work(JSON.parse(await demo.line(/^\{"url"/)) as Target);
  } finally {
    demo.child.kill('SIGTERM');
    await demo.ended;
  }
}

async function hear(): Promise<{ readonly hearings: readonly Hearing[]; readonly complete: boolean }> {
  const hearings: Hearing[] = [];
  let complete = true;
  const kinds = (Object.keys(directories) as (keyof typeof directories)[]).filter((kind) => {
    if (kind !== 'openldap' || openLdap.isInstalled()) return true;
    say('NOT JUDGED: OpenLDAP, for there is no slapd on this machine');
    complete = false;
    return false;
  });
  for (const judge of judges) {
    const obstacle = await judge.prepare();
    if (obstacle !== undefined) {
      say(`NOT HEARD: ${judge.name}; ${obstacle}`);
      complete = false;
      continue;
    }
    for (const kind of kinds) {
      const verdicts = await withDemo(kind, (target) => judge.judge(target));
      hearings.push({ judge: judge.name, directory: directories[kind], verdicts });
    }
  }
  return { hearings, complete };
}

const outcomes = ['passed', 'explained', 'skipped', 'failed'] as const;

function table(hearings: readonly Hearing[]): string {
  const rows = hearings.map(({ judge, directory, verdicts }) => {
    const counts = outcomes.map((outcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length);
    return `| ${[judge, directory, ...counts].join(' | ')} |`;
  });
  return [`| judge | in front of | ${outcomes.join(' | ')} |`, '|---|---|---|---|---|---|', ...rows].join('\n');
}

/** Each reason once, with what it is about. */
function objections(hearings: readonly Hearing[]): string {
  const titles = new Map<string, Set<string>>();
  for (const { verdicts } of hearings) {
    for (const verdict of verdicts) {
      if (verdict.outcome !== 'explained') continue;
      const known = titles.get(verdict.reason) ?? new Set();
      titles.set(verdict.reason, known.add(verdict.title));
    }
  }
  return [...titles]
    .map(
      ([reason, about]) =>
        `- ${[...about]
          .toSorted()
          .map((title) => `\`${title}\``)
          .join(', ')}: ${reason}`,
    )
    .toSorted()
    .join('\n');
}

const { hearings, complete } = await hear();
say(table(hearings));
const failed = hearings.flatMap(({ judge, directory, verdicts }) =>
  verdicts.flatMap((verdict) =>
    verdict.outcome === 'failed' ? [`${judge}, ${directory}: ${verdict.title}\n  ${verdict.reason}`] : [],
  ),
);
for (const line of failed) say(`FAILED ${line}`);
if (complete && failed.length === 0) {
  const text = readFileSync(document, 'utf8');
  const between = `<!-- judges -->\n${table(hearings)}\n\n${objections(hearings)}\n<!-- /judges -->`;
  writeFileSync(
    document,
    text.replace(/<!-- judges -->.*<!-- \/judges -->/s, () => between),
  );
}
process.exitCode = failed.length === 0 ? 0 : 1;
