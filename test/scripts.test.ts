import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe('scripts of package.json', () => {
  for (const [name, script] of Object.entries(scripts)) {
    it(`${name} runs by the Node that came along`, () => {
      for (const command of script.split(' && '))
        assert.match(command, /^(rm -rf dist|npm (run --silent \S+|pack)|(exec )?tools\/node\/run .+)$/);
    });
  }

  it('tools/node/run puts that Node before any other, and hands on arguments and the exit code', () => {
    const print = 'console.log(process.execPath, process.argv[1]); process.exitCode = 3';
    const { status, stdout } = spawnSync('tools/node/run', ['node', '-e', print, 'a b'], {
      cwd: root,
      encoding: 'utf8',
      // npm before 11 leaves no node_modules/.bin/node.
      env: { PATH: (process.env['PATH'] ?? '').replaceAll(/[^:]*node_modules\/[^:]*:?/g, '') },
    });
    assert.equal(status, 3);
    const own = `${root}node_modules/node-linux-${process.arch}/bin/node`;
    if (existsSync(own)) assert.equal(stdout, `${realpathSync(own)} a b\n`);
    else assert.match(stdout, / a b\n$/);
  });
});
