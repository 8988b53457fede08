// Passwords in the form of Active Directory: what is sent in which order, and what is left where a step fails. Samba shows
// that they open the account (samba-ad.test.ts); the embedded directory refuses at will.
import assert from 'node:assert/strict';
import { createEmbeddedDirectory, type EmbeddedDirectory } from '../../src/ldap/embedded/embedded-directory.ts';
import type { Fault } from '../../src/ldap/embedded/faults.ts';
import { resultCode } from '../../src/ldap/result-codes.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { urns } from '../../src/scim/urns.ts';
import { type ServedGateway, serveGateway } from './harness.ts';

const suffix = 'dc=example,dc=com';
const mapping = 'openldap/inet-org-person.yaml';
// `audio` takes any octets, and is not hashed.
const changes = `
resourceTypes:
  User:
    entry: { auxiliaryClasses: [shadowAccount], defaults: { shadowFlag: "512" } }
    attributes:
      active: { attribute: shadowFlag, transform: flag, options: { bit: 2, means: false } }
      password: { attribute: audio, write: quotedUtf16, with: { shadowLastChange: "0" } }
`;

/** Quotes, umlauts, a character beyond 16 bits: none of them means anything. */
const secret = 'P"ä\'s\\ß😀';
const policy = {
  kind: 'answer',
  code: resultCode.unwillingToPerform,
  diagnosticMessage: '0000052D: SvcErr: DSID-031A124C, problem 5003 (WILL_NOT_PERFORM), data 0',
} as const;

describe('passwords as Active Directory takes them', () => {
  let directory: EmbeddedDirectory;
  let url: string;
  let served: ServedGateway;
  let count = 0;
  before(async () => {
    directory = createEmbeddedDirectory({ suffix });
    ({ url } = await directory.listen());
    const { dn: bindDn, password } = directory.administrator;
    served = await serveGateway({ url, bindDn, password, mapping, changes, variables: { suffix } });
  });
  after(async () => {
    await served.stop();
    await directory.close();
  });
  afterEach(() => directory.faults.clear());

  const create = (more: JsonObject) => {
    count += 1;
    return served.scim('POST', '/Users', { schemas: [urns.user], userName: `quoted${count}`, ...more });
  };
  const patch = (id: unknown, value: JsonObject) =>
    served.scim('PATCH', `/Users/${String(id)}`, { schemas: [urns.patchOp], Operations: [{ op: 'replace', value }] });
  const held = async (attribute: string, encoding: BufferEncoding = 'utf8'): Promise<string[]> => {
    const filter = { kind: 'equality', attribute: 'uid', value: `quoted${count}` } as const;
    const found = served.directory.search({ base: suffix, scope: 'subtree', filter, attributes: [attribute] });
    return (
      (await found.collect()).entries[0]?.bytes(attribute).map((value) => value.toString(encoding)) ?? ['no entry']
    );
  };
  /** Operation and attributes of each write. */
  const writes = async (work: () => Promise<unknown>): Promise<string[]> => {
    const sent = await served.record(work);
    return sent.flatMap(({ operation, request }) => {
      const changes = (request['modifications'] ?? []) as unknown as { operation: string; attribute: string }[];
      const parts = changes.map((change) => `${change.operation} ${change.attribute}`).join(', ');
      return operation === 'search' || operation === 'compare' ? [] : [`${operation} ${parts}`.trim()];
    });
  };
  const refuse = (attribute: string, effect: Fault['effect'] = policy): void => {
    directory.faults.inject({
      operation: 'modify',
      times: effect === policy ? Number.POSITIVE_INFINITY : 1,
      when: (request) =>
        request.kind === 'modify' && request.modifications.some((each) => each.attribute === attribute),
      effect,
    });
  };

  it('a new user is inactive until the password is set', async () => {
    let answer: Awaited<ReturnType<typeof create>> | undefined;
    const sent = await writes(async () => {
      answer = await create({ password: secret });
    });
    assert.deepEqual([answer?.status, answer?.body['active']], [201, true]);
    assert.deepEqual(sent, [
      'add',
      'modify replace audio',
      'modify delete shadowFlag, add shadowFlag, replace shadowLastChange',
    ]);
    assert.deepEqual(await held('audio', 'utf16le'), [`"${secret}"`]);
    assert.deepEqual(await held('shadowFlag'), ['512']);
  });

  it('a new user who shall be inactive stays so', async () => {
    const sent = await writes(() => create({ password: secret, active: false }));
    assert.deepEqual(sent, ['add', 'modify replace audio', 'modify replace shadowLastChange']);
    assert.deepEqual(await held('shadowFlag'), ['514']);
  });

  it('without a password nothing waits', async () => {
    assert.deepEqual(await writes(() => create({})), ['add']);
    assert.deepEqual(await held('shadowFlag'), ['512']);
  });

  for (const attribute of ['audio', 'shadowFlag'])
    it(`a create whose ${attribute} is refused leaves nothing behind, and says why`, async () => {
      refuse(attribute);
      const { status, body } = await create({ password: secret });
      assert.deepEqual([status, body['scimType']], [400, 'invalidValue']);
      assert.match(String(body['detail']), /password policy/);
      assert.ok(!JSON.stringify([body, served.observations]).includes('😀'), 'the password is told to nobody');
      assert.deepEqual(await held('shadowFlag'), ['no entry']);
    });

  for (const [attribute, status] of [
    ['audio', 503],
    ['shadowFlag', 201],
  ] as const)
    it(`a create whose ${attribute} is written and not answered is ${status}, and whole or not at all`, async () => {
      refuse(attribute, { kind: 'drop', at: 'afterApplying' });
      assert.equal((await create({ password: secret })).status, status);
      assert.deepEqual(await held('shadowFlag'), [status === 201 ? '512' : 'no entry']);
      assert.deepEqual(await held('shadowLastChange'), [status === 201 ? '0' : 'no entry']);
    });

  it('where enabling is refused after the password, all else is taken back, and the answer says what is not', async () => {
    const { body } = await create({ password: secret, active: false, title: 'before' });
    refuse('shadowFlag');
    const answer = await patch(body['id'], { active: true, password: 'another', title: 'after' });
    assert.equal(answer.status, 500);
    assert.match(String(answer.body['detail']), /new password is set/);
    const now = (await served.scim('GET', `/Users/${String(body['id'])}`)).body;
    assert.deepEqual([now['title'], now['active']], ['before', false]);
    assert.deepEqual(await held('audio', 'utf16le'), ['"another"']);
  });

  it('enabling along with a password comes after it', async () => {
    const { body } = await create({ password: secret, active: false });
    const sent = await writes(() => patch(body['id'], { active: true, password: 'another', title: 'T' }));
    assert.deepEqual(sent, [
      'modify replace title',
      'modify replace audio',
      'modify delete shadowFlag, add shadowFlag, replace shadowLastChange',
    ]);
    assert.deepEqual(await held('shadowFlag'), ['512']);
  });

  it('disabling along with a password comes before it', async () => {
    const { body } = await create({ password: secret });
    const sent = await writes(() => patch(body['id'], { active: false, password: 'another' }));
    assert.deepEqual(sent, [
      'modify delete shadowFlag, add shadowFlag',
      'modify replace audio',
      'modify replace shadowLastChange',
    ]);
    assert.deepEqual(await held('shadowFlag'), ['514']);
  });

  it('a refused password takes the rest of the patch back', async () => {
    const { body } = await create({ password: secret, active: false, title: 'before' });
    refuse('audio');
    const answer = await patch(body['id'], { active: true, password: 'another', title: 'after' });
    assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidValue']);
    const now = (await served.scim('GET', `/Users/${String(body['id'])}`)).body;
    assert.deepEqual([now['title'], now['active']], ['before', false]);
    assert.deepEqual(await held('audio', 'utf16le'), [`"${secret}"`]);
  });

  it('where the mapping says so, a user without a password gets one that nobody knows', async () => {
    const { dn: bindDn, password } = directory.administrator;
    const more = changes.replace('write: quotedUtf16', '$&, generate: true');
    const generating = await serveGateway({ url, bindDn, password, mapping, changes: more, variables: { suffix } });
    try {
      const made = new Set<string>();
      for (let turn = 0; turn < 2; turn += 1) {
        count += 1;
        const body = { schemas: [urns.user], userName: `quoted${count}` };
        const answer = await generating.scim('POST', '/Users', body);
        assert.deepEqual([answer.status, answer.body['active']], [201, true]);
        const [generated = ''] = await held('audio', 'utf16le');
        assert.match(generated, /^"aA1-[\w-]{43}"$/);
        assert.ok(!JSON.stringify([answer.body, generating.observations]).includes(generated));
        made.add(generated);
        const own = await generating.scim('PATCH', `/Users/${String(answer.body['id'])}`, {
          schemas: [urns.patchOp],
          Operations: [{ op: 'replace', path: 'title', value: 'T' }],
        });
        assert.deepEqual([own.status, await held('audio', 'utf16le')], [200, [generated]]);
      }
      assert.equal(made.size, 2);
    } finally {
      await generating.stop();
    }
  });

  it('half a character is refused before anything is written', async () => {
    let status = 0;
    const sent = await writes(async () => {
      ({ status } = await create({ password: 'half \ud83d' }));
    });
    assert.deepEqual([status, sent], [400, []]);
  });

  it('without TLS the mapping is refused, with what to mend', async () => {
    const { dn: bindDn, password } = directory.administrator;
    await assert.rejects(
      serveGateway({ url, bindDn, password, mapping, changes, variables: { suffix }, plaintext: true }),
      /MAP117 resourceTypes\.User\.attributes\.password\.write: .*ldaps:\/\/ or tls\.startTls/,
    );
  });
});
