// What is measured: a request to the gateway, and beside it the limit, which is the LDAP operations that the gateway needs
// for it, one after the other where one needs what another brings. A gateway without any cost of its own would be as fast.

import type { DirectoryClient } from '../directory-client.ts';
import type { HttpClient } from '../http-client.ts';

/** One request of client `client`; `index` counts over all clients. Rejects where it does not do what it should. */
export type Ask = (http: HttpClient, index: number, client: number) => Promise<unknown>;
export type Limit = (directory: DirectoryClient, index: number, client: number) => Promise<unknown>;

export interface Scenario {
  readonly name: string;
  /** The LDAP operations of one request. */
  readonly operations: string;
  /** How its cost should follow the size of the directory, and why. */
  readonly growth: string;
  readonly ask: Ask;
  readonly limit: Limit;
  /** Who ask at once, where the scenario decides that. */
  readonly clients?: number;
  /** Where a request takes so long that a round is a number of them instead of a time. */
  readonly requests?: number;
  /** Whether one request is so much work that it might hold up others: the gateway's event loop is watched. */
  readonly heavy?: boolean;
}
