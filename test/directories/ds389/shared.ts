// The one 389 Directory Server of a test run.

import { shareServer } from '../share-server.ts';
import { launchDs389 } from './launch.ts';

export const { get: getDs389, stop: stopDs389, createSuiteBase } = shareServer(launchDs389);
