// Runs the recipe in a container.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runContainer, serverDir } from '../server-container.ts';
import { makeDatabase } from './make-database.ts';
import { type Ds389, type Ds389Options, product, runScript, serverUser, template, writeRecipe } from './recipe.ts';

const port = 3389;

/** Same as `startDs389` in start.ts. */
export async function startDs389Container(options: Ds389Options): Promise<Ds389> {
  const server = await runContainer({
    product,
    user: serverUser,
    script: runScript,
    args: [],
    ports: [port],
    logs: ['log/errors', 'log/out'],
    async fill(dir, read) {
      const copy = join(dir, 'template.ldif');
      writeFileSync(copy, await read(template));
      writeRecipe(dir, { serverDir, host: '0.0.0.0', port, user: serverUser, template: copy });
    },
  });
  return await makeDatabase(server, `ldap://${server.addressOf(port)}`, options);
}
