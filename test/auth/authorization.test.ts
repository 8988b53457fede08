import assert from 'node:assert/strict';
import type { Authenticator } from '../../src/auth/authenticate.ts';
import { type Authorization, authorizing, compileAuthorization } from '../../src/auth/authorization.ts';
import type { Principal } from '../../src/auth/principal.ts';
import type { Permissions } from '../../src/mapping/access.ts';
import { interop } from '../../src/scim/profile.ts';
import { compileShipped } from '../mapping/compiled.ts';

const reads: Permissions = { User: { operations: ['read'] } };
const writes: Permissions = { User: { operations: ['read', 'modify'] } };

async function compile(authorization: Authorization) {
  const compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
  const problems: string[] = [];
  const authorize = compileAuthorization(compiled, authorization, (path, message) => {
    problems.push(`${path.join('.')}: ${message}`);
  });
  return { authorize, problems };
}

describe('compileAuthorization', () => {
  const operations = async (authorization: Authorization, held: readonly string[]) => {
    const access = (await compile(authorization)).authorize(held);
    return access === undefined ? 'everything' : [...(access.types.get('User')?.operations ?? [])];
  };

  it('permits everything where nothing is said', async () => {
    assert.equal(await operations({}, []), 'everything');
  });

  it('takes the first role that the caller holds, else permissions, else nothing', async () => {
    const roles = [{ role: 'admin' }, { role: 'writer', permissions: writes }, { role: 'reader', permissions: reads }];
    assert.deepEqual(await operations({ roles }, ['reader']), ['read']);
    assert.deepEqual(await operations({ roles }, ['reader', 'writer']), ['read', 'modify']);
    assert.equal(await operations({ roles }, ['reader', 'admin']), 'everything');
    assert.deepEqual(await operations({ roles }, ['other']), []);
    assert.deepEqual(await operations({ roles, permissions: reads }, []), ['read']);
    assert.deepEqual(await operations({ permissions: reads }, ['admin']), ['read']);
  });

  it('gives the same permissions the same key, and no other', async () => {
    const keyOf = async (permissions: Permissions) => (await compile({ permissions })).authorize([])?.key;
    assert.equal(await keyOf(reads), await keyOf({ ...reads }));
    assert.notEqual(await keyOf(reads), await keyOf(writes));
    assert.notEqual(await keyOf({}), '');
  });

  it('tells what does not fit the mapping, all at once and where it stands', async () => {
    const read = ['read'] as const;
    const { problems } = await compile({
      permissions: {
        Usr: { operations: read },
        User: {
          operations: read,
          unreadable: ['tittle', 'emails[type eq "work"]'],
          writable: [],
          unwritable: ['title'],
        },
        Group: { operations: read, filter: 'members.value eq "x"' },
      },
      roles: [{ role: 'x', permissions: { User: { operations: read, filter: 'title eq' } } }],
    });
    assert.deepEqual(
      problems.map((each) => each.replace(/(filter: Filter), .*/, '$1')),
      [
        'permissions.Usr: the mapping has no resource type Usr',
        'permissions.User.unreadable: User has no attribute tittle',
        'permissions.User.unreadable: User has no attribute emails[type eq "work"]',
        'permissions.User.unwritable: writable and unwritable exclude one another',
        'permissions.Group.filter: asks for other resources (members, groups, manager)',
        'roles.0.permissions.User.filter: Filter',
      ],
    );
  });

  it('refuses a filter on what passes by itself', async () => {
    const compiled = await compileShipped('openldap/inet-org-person.yaml', {
      changes: `
resourceTypes:
  User:
    attributes:
      active: { attribute: uidNumber, transform: expiry, options: { unit: days } }
    entry: { auxiliaryClasses: [posixAccount] }`,
    });
    const problems: string[] = [];
    const permissions = { User: { operations: ['read'], filter: 'active eq true' } } as const;
    compileAuthorization(compiled, { permissions }, (_path, message) => problems.push(message));
    assert.deepEqual(problems, ['asks for what changes as time passes']);
  });

  it('hides what is computed from something hidden, and the name by which others show it', async () => {
    const compiled = await compileShipped('openldap/inet-org-person-scim.yaml', {
      changes: `
resourceTypes:
  User:
    attributes:
      nickName: { template: "\${name.givenName}!" }`,
    });
    const permissions = { User: { operations: ['read'], unreadable: ['name.givenName', 'displayName'] } } as const;
    const access = compileAuthorization(compiled, { permissions }, () => assert.fail())([]);
    const user = access?.types.get('User');
    assert.deepEqual([...(user?.hidden ?? [])].sort(), ['displayName', 'name.givenName', 'nickName']);
    assert.ok(!user?.mapping.display.includes('displayName'));
    assert.ok(user?.mapping.display.includes('cn'));
  });

  it('opens only what is named, where it says what may be read', async () => {
    const permissions = { User: { operations: ['read'], readable: ['userName', 'name.familyName'] } } as const;
    const hidden = (await compile({ permissions })).authorize([])?.types.get('User')?.hidden;
    for (const open of ['id', 'schemas', 'meta', 'userName', 'name', 'name.familyName'])
      assert.ok(!hidden?.has(open), open);
    for (const shut of ['name.givenName', 'title', 'emails', 'emails.value', 'externalId', 'groups']) {
      assert.ok(hidden?.has(shut), shut);
    }
  });
});

describe('authorizing', () => {
  const profile = interop;
  const asked = { method: 'GET', url: '', authorization: undefined, header: () => [], address: '' } as const;
  const answer = async (principal: Principal) => {
    const compiled = await compileShipped('openldap/inet-org-person-scim.yaml');
    const roles = [
      { role: 'scim.admin' },
      { role: 'scim.read', permissions: reads },
      { role: 'writers', permissions: writes },
    ];
    const authorize = compileAuthorization(compiled, { roles }, () => assert.fail());
    const inner: Authenticator = { schemes: [], tiesCallers: false, authenticate: () => Promise.resolve(principal) };
    const { access, ...rest } = await authorizing(inner, new Map([['idp', authorize]])).authenticate(asked);
    assert.deepEqual(rest, principal);
    return access === undefined ? 'everything' : [...(access.types.get('User')?.operations ?? [])];
  };

  it('goes by the scopes of a token and its claim roles', async () => {
    assert.deepEqual(await answer({ name: 'idp', profile, scopes: ['scim.read'] }), ['read']);
    assert.deepEqual(await answer({ name: 'idp', profile, claims: { roles: ['other', 'writers'] } }), [
      'read',
      'modify',
    ]);
    assert.deepEqual(await answer({ name: 'idp', profile, claims: { roles: 'writers' } }), ['read', 'modify']);
    assert.equal(await answer({ name: 'idp', profile, scopes: ['scim.admin'], claims: { roles: [1] } }), 'everything');
  });

  it('lets a token without any of them do nothing, and leaves other credentials alone', async () => {
    assert.deepEqual(await answer({ name: 'idp', profile }), []);
    assert.deepEqual(await answer({ name: 'idp', profile, claims: Object.create({ roles: 'writers' }) }), []);
    assert.equal(await answer({ name: 'other', profile }), 'everything');
  });
});
