// What a whole test run needs ended, once, after its last test.

import { stopOpenLdap } from './directories/openldap/shared.ts';

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await stopOpenLdap();
  },
};
