import assert from 'node:assert/strict';
import { defaultLimits } from '../../src/gateway/gateway.ts';
import { createKnownTypes } from '../../src/gateway/known-types.ts';
import type { Run } from '../../src/gateway/run.ts';
import { createSerialize } from '../../src/gateway/serialize.ts';
import { createSnapshots } from '../../src/gateway/snapshots.ts';
import { checkUnique } from '../../src/gateway/uniqueness.ts';
import { createGenericDialect } from '../../src/ldap/dialects/generic.ts';
import { LdapEntry } from '../../src/ldap/entry.ts';
import type { SearchRequest } from '../../src/ldap/operations.ts';
import { unknown } from '../../src/mapping/bounds.ts';
import type { CompiledMapping, ResourceMapping } from '../../src/mapping/mapping.ts';
import { interop } from '../../src/scim/profile.ts';
import { compilePerson, entryOf } from '../mapping/compiled.ts';
import { fakeDirectory } from './fake-directory.ts';

const annId = '11111111-2222-4333-8444-000000000001';
const ann = entryOf({ entryUUID: [annId], uid: ['Ann'] });
const bob = entryOf({ entryUUID: ['11111111-2222-4333-8444-000000000002'], uid: ['bob'] }, 'uid=bob,dc=example');

describe('checkUnique', () => {
  let compiled: CompiledMapping;
  let exact: ResourceMapping;
  let inexact: ResourceMapping;
  before(async () => {
    ({ compiled, user: exact } = await compilePerson([]));
    const mappers = exact.mappers.map((each) =>
      each.ref.attribute.name === 'userName' ? { ...each, toFilter: () => unknown } : each,
    );
    inexact = { ...exact, mappers };
  });

  const check = async (mapping: ResourceMapping, userName: string, found: readonly LdapEntry[], ownId?: string) => {
    const asked: SearchRequest[] = [];
    const directory = fakeDirectory({
      search(request) {
        asked.push(request);
        return found;
      },
    });
    const run: Run = {
      directory,
      mending: directory,
      dialect: createGenericDialect(new LdapEntry('', new Map())),
      compiled,
      whole: compiled,
      viewer: '',
      limits: defaultLimits,
      snapshots: createSnapshots(),
      knownTypes: createKnownTypes(),
      serialize: createSerialize(),
      cursorSecret: Buffer.alloc(32),
      context: {
        baseUrl: '',
        profile: interop,
        requestId: 'test',
        access: undefined,
        signal: new AbortController().signal,
      },
    };
    const before = ownId === undefined ? undefined : { id: ownId, resource: { userName: 'before' } };
    const outcome = await checkUnique(run, mapping, { userName }, before).then(
      () => 'free',
      (error: unknown) => (error as { status: number }).status,
    );
    return { outcome, asked };
  };

  it('takes what an exact filter finds for the same value', async () => {
    assert.equal((await check(exact, 'ann', [ann])).outcome, 409);
    assert.equal((await check(exact, 'ann', [])).outcome, 'free');
  });

  it('looks at what an inexact filter finds', async () => {
    assert.equal((await check(inexact, 'zoe', [ann, bob])).outcome, 'free');
    assert.equal((await check(inexact, 'BOB', [ann, bob])).outcome, 409);
    const [asked] = (await check(inexact, 'zoe', [ann])).asked;
    assert.equal(asked?.sizeLimit, undefined);
    assert.ok(asked?.attributes?.includes('uid'));
  });

  it('never counts the resource itself', async () => {
    assert.equal((await check(exact, 'ann', [ann], annId)).outcome, 'free');
    assert.equal((await check(inexact, 'ann', [ann, bob], annId)).outcome, 'free');
    assert.equal((await check(inexact, 'bob', [ann, bob], annId)).outcome, 409);
  });
});
