// The one Samba domain controller of a test run.

import { shareServer } from '../share-server.ts';
import { launchSambaAd } from './launch.ts';

export const { get: getSambaAd, stop: stopSambaAd, createSuiteBase } = shareServer(launchSambaAd);
