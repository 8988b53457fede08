// What a whole test run needs ended, once, after its last test.

import { stopDs389 } from './directories/ds389/shared.ts';
import { stopOpenLdap } from './directories/openldap/shared.ts';
import { stopSambaAd } from './directories/samba-ad/shared.ts';

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await Promise.all([stopOpenLdap(), stopDs389(), stopSambaAd()]);
  },
};
