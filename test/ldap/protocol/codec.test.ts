import assert from 'node:assert/strict';
import { type DereferencedValues, LdapEntry } from '../../../src/ldap/entry.ts';
import type { LdapFilter, LdapTest } from '../../../src/ldap/filter.ts';
import type { RequestControl } from '../../../src/ldap/operations.ts';
import { decode, LdapProtocolError } from '../../../src/ldap/protocol/ber.ts';
import { decodeRequest } from '../../../src/ldap/protocol/decode-request.ts';
import { decodeMessageId, decodeResponse } from '../../../src/ldap/protocol/decode-response.ts';
import { encodeRequest } from '../../../src/ldap/protocol/encode-request.ts';
import { encodeResponse } from '../../../src/ldap/protocol/encode-response.ts';
import {
  decodeCancel,
  decodeGeneratedPassword,
  decodePasswordModify,
  encodeCancel,
  encodeGeneratedPassword,
  encodePasswordModify,
} from '../../../src/ldap/protocol/extended.ts';
import { readFilter } from '../../../src/ldap/protocol/filter-codec.ts';
import type { RequestMessage, ResponseMessage } from '../../../src/ldap/protocol/message.ts';
import { extendedOid } from '../../../src/ldap/protocol/oids.ts';

/** Buffers as hex text, so that octets and text of the same value compare equal. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `hex:${Buffer.from(value).toString('hex')}`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const bytes = (text: string): Buffer => Buffer.from(text);
const any: LdapFilter = { kind: 'present', attribute: 'objectClass' };
const search = { kind: 'search', base: 'dc=x', scope: 'subtree', filter: any, attributes: ['cn'] } as const;

describe('protocol: requests', () => {
  const requests: readonly RequestMessage[] = [
    { kind: 'bind', dn: 'cn=ä', authentication: { kind: 'simple', password: bytes('geheim') } },
    { kind: 'bind', dn: '', authentication: { kind: 'sasl', mechanism: 'EXTERNAL' } },
    { kind: 'bind', dn: '', authentication: { kind: 'sasl', mechanism: 'EXTERNAL', credentials: bytes('') } },
    { kind: 'unbind' },
    { ...search, sizeLimit: 0, typesOnly: false },
    { ...search, scope: 'base', base: '', attributes: ['*', '+'], sizeLimit: 7, typesOnly: true },
    { ...search, scope: 'one', attributes: ['1.1'], sizeLimit: 2147483647, typesOnly: false },
    { kind: 'add', dn: 'cn=a', attributes: [{ type: 'cn', values: [bytes('a'), Buffer.from([0, 255])] }] },
    {
      kind: 'modify',
      dn: 'cn=a',
      modifications: [
        { operation: 'add', attribute: 'mail', values: [bytes('a@x')] },
        { operation: 'delete', attribute: 'sn', values: [] },
        { operation: 'replace', attribute: 'jpegPhoto', values: [Buffer.alloc(300, 0xff)] },
        { operation: 'increment', attribute: 'uidNumber', values: [bytes('1')] },
      ],
    },
    { kind: 'modifyDn', dn: 'cn=a,dc=x', newRdn: 'cn=b\\5C', deleteOldRdn: false },
    { kind: 'modifyDn', dn: 'cn=a,dc=x', newRdn: 'cn=b', deleteOldRdn: true, newSuperior: 'dc=y' },
    { kind: 'delete', dn: 'cn=a' },
    { kind: 'delete', dn: '' },
    { kind: 'compare', dn: 'cn=a', attribute: 'sn', value: bytes('x') },
    { kind: 'extended', name: extendedOid.whoAmI },
    { kind: 'extended', name: extendedOid.passwordModify, value: Buffer.from([0x30, 0]) },
    { kind: 'abandon', messageId: 129 },
  ];
  for (const request of requests) {
    it(`${request.kind} comes back as it was`, () => {
      const read = decodeRequest(encodeRequest(70_000, request));
      assert.equal(read.messageId, 70_000);
      assert.deepEqual(plain(read.request), plain(request));
      assert.deepEqual(read.controls, []);
    });
  }

  it('message ids keep their value up to 2147483647', () => {
    for (const id of [0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 8388608, 2147483647]) {
      assert.equal(decodeRequest(encodeRequest(id, { kind: 'unbind' })).messageId, id);
    }
  });

  it('a list that is frozen is encoded once, another one as it is each time', () => {
    for (const freeze of [true, false]) {
      const attributes = ['cn', 'sn'];
      const controls: RequestControl[] = [{ kind: 'deref', items: [{ attribute: 'manager', attributes: ['uid'] }] }];
      if (freeze) for (const list of [attributes, controls]) Object.freeze(list);
      const request = { ...search, attributes, controls };
      assert.deepEqual(encodeRequest(7, request), encodeRequest(7, request));
      if (freeze) continue;
      const before = encodeRequest(7, request);
      attributes.push('mail');
      controls.push({ kind: 'manageDsaIt' });
      const { request: read, controls: readControls } = decodeRequest(encodeRequest(7, request));
      assert.notDeepEqual(encodeRequest(7, request), before);
      assert.deepEqual(read.kind === 'search' ? read.attributes : [], ['cn', 'sn', 'mail']);
      assert.deepEqual(
        readControls.map(({ kind }) => kind),
        ['deref', 'manageDsaIt'],
      );
    }
  });

  it('D9 never dereferences aliases, D10 sends no time limit', () => {
    const hex = encodeRequest(1, { ...search, base: '' }).toString('hex');
    // base '', scope 2, neverDerefAliases 0, size 0, time 0, typesOnly false
    assert.ok(hex.includes('04000a01020a0100020100020100010100'), hex);
  });
});

describe('protocol: filters', () => {
  const raw = Buffer.from([0xc3, 0xab, 0x00, 0x2a, 0x28, 0xff]);
  const filters: readonly LdapFilter[] = [
    any,
    { kind: 'and', filters: [] },
    { kind: 'or', filters: [] },
    { kind: 'and', filters: [any, { kind: 'not', filter: any }, { kind: 'or', filters: [any, any] }] },
    { kind: 'equality', attribute: '2.5.4.3', value: raw },
    { kind: 'equality', attribute: 'cn;lang-en', value: bytes('') },
    { kind: 'greaterOrEqual', attribute: 'a', value: raw },
    { kind: 'lessOrEqual', attribute: 'a', value: raw },
    { kind: 'approx', attribute: 'a', value: raw },
    { kind: 'substrings', attribute: 'a', initial: raw, any: [] },
    { kind: 'substrings', attribute: 'a', any: [raw, bytes('b')] },
    { kind: 'substrings', attribute: 'a', initial: bytes('a'), any: [bytes('b')], final: raw },
    { kind: 'substrings', attribute: 'a', any: [], final: raw },
    { kind: 'extensible', rule: '1.2.840.113556.1.4.803', attribute: 'uac', value: bytes('2'), dnAttributes: false },
    { kind: 'extensible', rule: 'caseExactMatch', value: raw, dnAttributes: true },
    { kind: 'extensible', attribute: 'ou', value: raw, dnAttributes: true },
  ];
  for (const filter of filters) {
    it(`D10 ${JSON.stringify(plain(filter))}`, () => {
      const { request } = decodeRequest(encodeRequest(1, { ...search, filter }));
      assert.deepEqual(plain((request as typeof search).filter), plain(filter));
    });
  }

  it('text in a filter is UTF-8', () => {
    const filter = { kind: 'equality', attribute: 'sn', value: 'Zoë 🦊' } as const;
    const { request } = decodeRequest(encodeRequest(1, { ...search, filter }));
    assert.equal((request as unknown as { filter: { value: Buffer } }).filter.value.toString(), 'Zoë 🦊');
  });

  it('D10 a filter nested too deep is an error, not a stack overflow', () => {
    let filter: LdapFilter = any;
    for (let depth = 0; depth < 100_000; depth += 1) filter = { kind: 'not', filter };
    assert.throws(() => encodeRequest(1, { ...search, filter }), /nested|stack/);
    let wire = Buffer.from([0x87, 1, 0x61]);
    for (let depth = 0; depth < 2_000; depth += 1) {
      wire = Buffer.concat([Buffer.from([0xa2, 0x83, wire.length >> 16, wire.length >> 8, wire.length]), wire]);
    }
    assert.throws(() => decode(wire, (cursor, end) => readFilter(cursor, end)), /nested/);
  });

  it('a substrings filter without a part is refused', () => {
    const filter = { kind: 'substrings', attribute: 'a', any: [] } as const;
    assert.throws(() => encodeRequest(1, { ...search, filter }), LdapProtocolError);
  });
});

describe('protocol: request controls', () => {
  const controls: readonly (RequestControl & { critical: boolean })[] = [
    { kind: 'assertion', critical: true, filter: { kind: 'equality', attribute: 'entryCSN', value: bytes('1') } },
    { kind: 'preRead', critical: false, attributes: [] },
    { kind: 'postRead', critical: false, attributes: ['*', 'entryCSN'] },
    { kind: 'extendedDn', critical: false },
    { kind: 'deref', critical: false, items: [{ attribute: 'member', attributes: ['entryUUID', 'cn'] }] },
    {
      kind: 'matchedValues',
      critical: false,
      tests: [
        { kind: 'equality', attribute: 'member', value: bytes('uid=a,dc=x') },
        { kind: 'present', attribute: 'cn' },
        { kind: 'substrings', attribute: 'cn', any: [bytes('b')] },
      ],
    },
    {
      kind: 'sort',
      critical: true,
      keys: [
        { attribute: 'uid', orderingRule: 'caseIgnoreOrderingMatch', reverse: true },
        { attribute: 'cn', reverse: false },
      ],
    },
    { kind: 'vlv', critical: true, before: 0, after: 99, offset: 101, contentCount: 20_003 },
    { kind: 'pagedResults', critical: false, size: 500, cookie: Buffer.from([0, 255]) },
    { kind: 'permissiveModify', critical: true },
    { kind: 'manageDsaIt', critical: true },
  ];
  it('all come back as they were, in order', () => {
    const read = decodeRequest(encodeRequest(1, { ...search, controls }));
    assert.deepEqual(plain(read.controls), plain(controls));
  });

  it('values are chosen by single tests: and, or, not are refused', () => {
    // RFC 3876 s2: a sequence that holds the filter (&).
    const refused = encodeRequest(1, { ...search, controls: [{ kind: 'matchedValues', tests: [] }] });
    assert.deepEqual(plain(decodeRequest(refused).controls), [{ critical: false, kind: 'matchedValues', tests: [] }]);
    const test = { kind: 'and', filters: [] } as unknown as LdapTest;
    const bad = encodeRequest(1, { ...search, controls: [{ kind: 'matchedValues', tests: [test] }] });
    assert.throws(() => decodeRequest(bad), LdapProtocolError);
  });

  it('an unknown control keeps its OID, criticality and value', () => {
    const unknown = '30150201014a02613da00c300a0403312e320101ff0400';
    const { controls: read } = decodeRequest(Buffer.from(unknown, 'hex'));
    assert.deepEqual(plain(read), [{ critical: true, kind: 'unknown', oid: '1.2', value: 'hex:' }]);
  });
});

describe('protocol: responses', () => {
  const result = { code: 0, matchedDn: '', diagnosticMessage: '', referrals: [] };
  const entry = new LdapEntry(
    'uid=ä,dc=x',
    new Map([
      ['uid', [bytes('ä')]],
      ['jpegphoto', [Buffer.from([0xff, 0xd8, 0]), bytes('ascii')]],
      ['member', []],
    ]),
  );
  const responses: readonly ResponseMessage[] = [
    { kind: 'searchEntry', entry },
    { kind: 'searchReference', urls: ['ldap://a/', 'ldap://b/'] },
    { kind: 'searchDone', result },
    { kind: 'bind', result: { ...result, code: 49, diagnosticMessage: 'nö' } },
    { kind: 'modify', result: { ...result, code: 122 } },
    { kind: 'add', result: { ...result, code: 16654 } },
    { kind: 'delete', result: { ...result, code: 10, referrals: ['ldap://c/', 'ldap://d/'] } },
    { kind: 'modifyDn', result: { ...result, code: 32, matchedDn: 'dc=x' } },
    { kind: 'compare', result: { ...result, code: 6 } },
    { kind: 'extended', result },
    { kind: 'extended', result, name: extendedOid.noticeOfDisconnection },
    { kind: 'extended', result, name: '1.2.3', value: Buffer.from([0x80]) },
    { kind: 'intermediate' },
    { kind: 'intermediate', name: '1.3.6.1.4.1.4203.1.9.1.4', value: Buffer.from([1]) },
  ];
  for (const response of responses) {
    it(`${response.kind} comes back as it was`, () => {
      const read = decodeResponse(encodeResponse(9, response));
      assert.equal(read.messageId, 9);
      assert.deepEqual(plain(read.response), plain(response));
    });
  }

  it('carries every response control, also on a failure', () => {
    const controls = {
      preRead: entry,
      postRead: new LdapEntry('cn=b', new Map([['entrycsn', [bytes('1')]]])),
      pagedResults: { size: 3, cookie: Buffer.from([7]) },
      sort: { code: 16, attribute: 'uid' },
      vlv: { position: 101, contentCount: 20_003, code: 0 },
    };
    const response = { kind: 'modify', result: { ...result, code: 20 }, controls } as const;
    assert.deepEqual(plain(decodeResponse(encodeResponse(1, response)).response), plain(response));
  });

  it('an entry brings what was dereferenced', () => {
    const member = new LdapEntry('uid=b', new Map([['entryuuid', [bytes('u-u')]]]));
    const gone = new LdapEntry('uid=c', new Map());
    const dereferenced = new Map([
      [
        'member',
        [
          { dn: 'uid=b', entry: member },
          { dn: 'uid=c', entry: gone },
        ],
      ],
    ]);
    const response = { kind: 'searchEntry', entry: new LdapEntry('cn=g', new Map(), dereferenced) } as const;
    assert.deepEqual(plain(decodeResponse(encodeResponse(1, response)).response), plain(response));
  });

  it('an entry brings very much that was dereferenced, and shows it item by item, as often as it is asked', () => {
    const values = (attribute: string, count: number) =>
      Array.from({ length: count }, (_, index) => {
        const dn = `uid=${attribute}${index}`;
        const attributes = new Map([['cn', [bytes(`${attribute} ${index}`), bytes('x')]]]);
        return { dn, entry: new LdapEntry(dn, index % 10 === 0 ? new Map() : attributes) };
      });
    const dereferenced = new Map([
      ['member', values('m', 3000)],
      ['owner', values('o', 1000)],
    ]);
    const response = { kind: 'searchEntry', entry: new LdapEntry('cn=g', new Map(), dereferenced) } as const;
    const read = decodeResponse(encodeResponse(1, response)).response;
    assert.ok(read?.kind === 'searchEntry');
    for (const [name, told] of dereferenced) {
      const found: DereferencedValues | undefined = read.entry.dereferenced?.get(name);
      assert.equal(found?.length, told.length);
      for (const round of [1, 2]) assert.deepEqual(plain([...(found ?? [])]), plain(told), `${name}, round ${round}`);
    }
  });

  it('D17 names are looked up in any case and hold nothing but attributes', () => {
    const odd = new LdapEntry('', new Map([['__proto__', [bytes('x')]]]));
    const read = decodeResponse(encodeResponse(1, { kind: 'searchEntry', entry: odd })).response;
    assert.ok(read?.kind === 'searchEntry');
    assert.equal(read.entry.first('__PROTO__'), 'x');
    assert.equal(read.entry.has('constructor'), false);
  });

  it('an operation of no known tag is undefined, with its message id', () => {
    assert.deepEqual(decodeResponse(Buffer.from('30050201057f00', 'hex')), {
      messageId: 5,
      response: undefined,
    });
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['empty', ''],
    ['no message id', '3000'],
    ['element beyond its sequence', '30060201056504'],
    ['entry whose value leaves its set', '3016020101641104013d300c300a0401613105040a616161'],
    ['integer of five octets', '300702050000000001'],
    ['length of four octets that is negative', '300c02010165070a84ffffffff0100'],
    ['indefinite length', '3080020101'],
    ['message id of no octets', '30020200'],
  ];
  for (const [name, hex] of malformed) {
    it(`refuses ${name}`, () => {
      assert.throws(() => decodeResponse(Buffer.from(hex, 'hex')), LdapProtocolError);
    });
  }

  it('the message id of a broken answer can be read alone', () => {
    assert.equal(decodeMessageId(Buffer.from('3005020105650a', 'hex')), 5);
  });
});

describe('protocol: extended operations', () => {
  it('password modify', () => {
    for (const request of [
      { userIdentity: 'uid=a' },
      { userIdentity: 'uid=a', oldPassword: 'ä' },
      { userIdentity: '', oldPassword: 'o', newPassword: 'n' },
    ]) {
      assert.deepEqual(decodePasswordModify(encodePasswordModify(request)), request);
    }
  });

  it('a generated password is byte for byte what the server made', () => {
    const value = Buffer.from([0x30, 0x84, 0, 0, 0, 5, 0x80, 3, 0xff, 0x80, 0x41]);
    assert.deepEqual(decodeGeneratedPassword(value), Buffer.from([0xff, 0x80, 0x41]));
    assert.equal(decodeGeneratedPassword(encodeGeneratedPassword('pässword'))?.toString(), 'pässword');
    assert.equal(decodeGeneratedPassword(Buffer.from([0x30, 0])), undefined);
  });

  it('cancel', () => assert.equal(decodeCancel(encodeCancel(77)), 77));
});

describe('protocol: D8 sizes of PDUs', () => {
  function modifyOf(size: number): void {
    const value = Buffer.alloc(size, 0x61);
    const modifications = [{ operation: 'add', attribute: 'member', values: [value] }] as const;
    const pdu = encodeRequest(1, { kind: 'modify', dn: 'cn=g', modifications });
    const { request } = decodeRequest(pdu);
    assert.ok(request.kind === 'modify');
    assert.equal(request.modifications[0]?.values[0]?.length, size);
  }
  it('around 512 KiB and 4 MiB, one value', () => {
    for (let size = 524_220; size < 524_310; size += 1) modifyOf(size);
    for (let size = 4_194_250; size < 4_194_320; size += 7) modifyOf(size);
  });

  it('10,070 to 10,100 values of 50 octets', () => {
    for (let count = 10_070; count < 10_100; count += 1) {
      const values = Array.from({ length: count }, (_, index) => `uid=${index}`.padEnd(50, 'x'));
      const modifications = [{ operation: 'add', attribute: 'member', values }] as const;
      const pdu = encodeRequest(1, { kind: 'modify', dn: 'cn=g', modifications });
      const { request } = decodeRequest(pdu);
      assert.equal(request.kind === 'modify' && request.modifications[0]?.values.length, count);
    }
  });

  it('the total is 524,280 to 524,300 and 4 MiB on the octet', () => {
    const pdu = (size: number): Buffer =>
      encodeResponse(1, { kind: 'searchEntry', entry: new LdapEntry('', new Map([['a', [Buffer.alloc(size)]]])) });
    const overhead = pdu(500_000).length - 500_000;
    for (const total of [
      524_280, 524_284, 524_287, 524_288, 524_289, 524_293, 524_300, 4_194_303, 4_194_304, 4_194_310,
    ]) {
      const bytesOfTotal = pdu(total - overhead);
      assert.equal(bytesOfTotal.length, total);
      assert.equal(decodeResponse(bytesOfTotal).messageId, 1);
    }
  });

  it('a PDU beyond 64 MB is an error and not a broken message', () => {
    assert.throws(() => modifyOf(68_000_000), /longer than the limit/);
    modifyOf(100);
  });
});
