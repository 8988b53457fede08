// User name and password (RFC 7617): of the gateway file, or of the directory. A password is slow to check on purpose, so
// one that was right is known for a minute, by a keyed hash that means nothing outside this process.
import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Holder, isCallerName } from './claims.ts';
import { checkInDirectory, type PasswordDirectory, type UserEntry } from './directory-password.ts';
import { type AuthenticationMethod, accepted, type Outcome, refused } from './method.ts';
import { isPassword, type PasswordHash } from './password-hash.ts';
import type { Principal } from './principal.ts';

export type BasicSettings =
  | { readonly source: 'file'; readonly user: string; readonly passwordHash: PasswordHash }
  | { readonly source: 'directory'; readonly entry: UserEntry };

export interface BasicCredential extends Holder {
  readonly method: BasicSettings;
}

const keptMilliseconds = 60_000;
const mostKept = 10_000;
/** Checks at once: each takes memory and a thread here, or a connection of the directory. */
const mostChecks = 32;

export function basic(
  credentials: readonly BasicCredential[],
  directory: PasswordDirectory,
  now: () => number = Date.now,
): AuthenticationMethod {
  const key = randomBytes(32);
  const proven = new LRUCache<string, Principal>({
    max: mostKept,
    ttl: keptMilliseconds,
    ttlResolution: 0,
    perf: { now },
  });
  const checking = new Map<string, Promise<Outcome>>();

  async function check(user: string, password: string): Promise<Outcome> {
    try {
      const principal = await findPrincipal(credentials, directory, user, password);
      return principal === undefined ? refused('user name or password is wrong') : accepted(principal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'unavailable', reason: `the directory cannot check a password: ${reason}` };
    }
  }

  return {
    advertised: [
      {
        type: 'httpbasic',
        name: 'HTTP Basic',
        description: 'User name and password, sent as Authorization: Basic.',
        specUri: 'https://www.rfc-editor.org/info/rfc7617',
      },
    ],
    schemes: ['basic'],
    tiesCallers: credentials.some(({ method }) => method.source === 'directory'),
    challenges: () => ['Basic realm="scim", charset="UTF-8"'],
    // However it is spelled, it is one account that is guessed at.
    claimant: (text) => parseBasic(text)?.user.normalize('NFKC').trim().toLowerCase(),
    async authenticate({ credentials: text }) {
      const parsed = parseBasic(text);
      if (parsed === undefined) return refused('the Basic credentials are malformed');
      const { user, password } = parsed;
      const id = createHmac('sha256', key)
        .update(JSON.stringify([user, password]))
        .digest('base64');
      const known = proven.get(id);
      if (known !== undefined) return accepted(known);
      let running = checking.get(id);
      if (running === undefined) {
        if (checking.size >= mostChecks) return { kind: 'unavailable', reason: 'too many passwords to check at once' };
        running = check(user, password).finally(() => checking.delete(id));
        checking.set(id, running);
      }
      const outcome = await running;
      if (outcome.kind === 'accepted') proven.set(id, outcome.principal);
      return outcome;
    },
  };
}

async function findPrincipal(
  credentials: readonly BasicCredential[],
  directory: PasswordDirectory,
  user: string,
  password: string,
): Promise<Principal | undefined> {
  let found: Principal | undefined;
  // Every hash is computed, whoever the user is said to be: the time must not tell which names there are.
  for (const { name, profile, method } of credentials) {
    if (method.source !== 'file') continue;
    const right = await isPassword(password, method.passwordHash);
    if (right && method.user === user) found ??= { name, profile };
  }
  if (found !== undefined || !isCallerName(user)) return found;
  for (const { name, profile, method } of credentials) {
    if (method.source !== 'directory') continue;
    const proven = await checkInDirectory(directory, method.entry, user, password);
    if (proven === undefined) continue;
    const { dn, resource } = proven;
    return { name, caller: user, profile, claims: { dn }, ...(resource === undefined ? {} : { resource }) };
  }
  return undefined;
}

/** Undefined for what is malformed, and for an empty name or password, which a directory would take for nobody's. */
function parseBasic(text: string): { readonly user: string; readonly password: string } | undefined {
  if (text.length > 4096 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const octets = Buffer.from(text, 'base64');
  const pair = octets.toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 1 || colon === pair.length - 1) return undefined;
  // RFC 7617 s2: no control characters; what is not UTF-8 could be several passwords at once.
  if (/\p{Cc}/u.test(pair) || !Buffer.from(pair, 'utf8').equals(octets)) return undefined;
  return { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
