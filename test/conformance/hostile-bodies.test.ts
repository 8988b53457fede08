import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { assertError, enterprise, list } from './use-gateway.ts';
import { useGuardedGateway } from './use-guarded-gateway.ts';

const deep = 10_000;
const mebibyte = 1024 * 1024;

describe('hostile bodies', () => {
  const gateway = useGuardedGateway();
  const { scim, read, patch, userId } = gateway;

  const user = `"schemas":["${urns.user}"]`;
  const bodies: readonly (readonly [string, string])[] = [
    ['arrays nested 10,000 deep', '['.repeat(deep) + ']'.repeat(deep)],
    ['objects nested 10,000 deep', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['an attribute nested 10,000 deep', `{${user},"userName":"x","name":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['an open string of 1 MB', `{"schemas":["${'x'.repeat(mebibyte)}`],
    ['1 MB of backslashes', `{"schemas":["${'\\'.repeat(mebibyte)}`],
    ['1 MB of commas', `[${','.repeat(mebibyte)}]`],
    ['a number of 100,000 digits', `{${user},"userName":${'9'.repeat(100_000)}}`],
    ['half a surrogate pair', `{${user},"userName":"\\ud800"}`],
    ['a megabyte of userName', `{${user},"userName":{"x":"${'x'.repeat(mebibyte)}"}}`],
  ];
  for (const [title, body] of bodies) {
    it(`${title} is 400`, async () => {
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PUT', `/Users/${userId()}`],
        ['PATCH', `/Users/${userId()}`],
        ['POST', '/Users/.search'],
      ] as const) {
        const answer = await scim(method, path, body);
        assertError(answer, 400, String(answer.body['scimType']));
      }
    });
  }

  it('invalid UTF-8 is 400 invalidSyntax', async () => {
    const { url, token } = gateway.served();
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' };
    for (const octets of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      const body = Buffer.concat([Buffer.from('{"userName":"'), Buffer.from(octets), Buffer.from('"}')]);
      const response = await fetch(`${url}/Users`, { method: 'POST', headers, body });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as Record<string, unknown>)['scimType'], 'invalidSyntax');
    }
  });

  it('P13 a name that no attribute can have is refused, wherever it stands', async () => {
    for (const key of ['__proto__', '\\u005f_proto__']) {
      for (const body of [
        `{${user},"userName":"p13","${key}":{"polluted":true}}`,
        `{${user},"userName":"p13","name":{"${key}":1}}`,
      ]) {
        const answer = await scim('POST', '/Users', body);
        assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidSyntax'], body);
      }
    }
  });

  it('P13 prototype keys are no attributes, wherever they stand', async () => {
    const keys = ['constructor', 'prototype', 'toString', 'hasOwnProperty'];
    for (const [index, key] of keys.entries()) {
      const evil = `"${key}":{"polluted":true,"prototype":{"polluted":true}}`;
      const body = `{${user},${evil},"userName":"p13-${index}","name":{${evil},"familyName":"F"},"emails":[{${evil},"value":"p@x.test","type":"work"}],"${enterprise}":{${evil}}}`;
      const posted = await scim('POST', '/Users', body);
      assert.equal(posted.status, 201, JSON.stringify(posted.body));
      assert.ok(!JSON.stringify(posted.body).includes('polluted'));
      const path = `/Users/${String(posted.body['id'])}`;
      assert.equal((await scim('PUT', path, body)).status, 200);
      const operation = `{"op":"add",${evil},"value":{${evil},"title":"T"}}`;
      const patched = await scim('PATCH', path, `{"schemas":["${urns.patchOp}"],${evil},"Operations":[${operation}]}`);
      assert.equal(patched.body['title'], 'T', JSON.stringify(patched.body));
      await scim('DELETE', path);
    }
  });

  for (const path of [
    '__proto__',
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'name.__proto__',
    'emails[type eq "work"].__proto__',
    'emails[__proto__ eq "x"]',
    `${enterprise}:__proto__`,
    'urn:x:__proto__:polluted',
    'toString',
    `${'a.'.repeat(deep)}b`,
    `emails[${'('.repeat(deep)}`,
    `urn:${':'.repeat(deep)}`,
  ]) {
    it(`P13 a PATCH of ${path.slice(0, 40)} is 400`, async () => {
      for (const op of ['add', 'replace', 'remove']) {
        const answer = await patch(`/Users/${userId()}`, { op, path, value: true });
        assertError(answer, 400, String(answer.body['scimType']));
      }
    });
  }

  it('B14 a key twice is refused', async () => {
    const answer = await scim('POST', '/Users', `{${user},"userName":"twice-1","userName":"twice-2"}`);
    assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidSyntax']);
  });

  it('thousands of values and of operations are refused or done', async () => {
    const members = Array.from({ length: 20_000 }, (_, n) => ({ value: `nobody-${n}` }));
    const group = await gateway.group('many');
    assertError(
      await patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: members }),
      400,
      'invalidValue',
    );
    const removals = members
      .slice(0, 5000)
      .map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` }));
    assert.equal((await patch(`/Groups/${group.id}`, ...removals)).status, 204);
    assert.equal(list((await read(`/Groups/${group.id}`))['members']).length, 0);
  });
});
