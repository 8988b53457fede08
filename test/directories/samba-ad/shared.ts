// The one Samba domain controller of a test run.

import { shareServer } from '../share-server.ts';
import { startSambaAd } from './start.ts';

export const { get: getSambaAd, stop: stopSambaAd, createSuiteBase } = shareServer(startSambaAd);
