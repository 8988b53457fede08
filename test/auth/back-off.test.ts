import assert from 'node:assert/strict';
import { createBackOff } from '../../src/auth/back-off.ts';

const settings = { failures: 3, maxSeconds: 8, forgetSeconds: 100 };

describe('back-off', () => {
  let time = 0;
  const start = () => {
    time = 1_000_000;
    return createBackOff(settings, () => time);
  };
  const key = (address: string, claimant?: string, authorization = 'Basic wrong') => ({
    address,
    claimant,
    authorization,
  });

  it('lets some failures pass, then doubles the wait up to the most', () => {
    const backOff = start();
    const waits = Array.from({ length: 8 }, () => {
      backOff.failed(key('192.0.2.1'));
      const wait = backOff.wait(key('192.0.2.1'));
      time += wait * 1000;
      return wait;
    });
    assert.deepEqual(waits, [0, 0, 1, 2, 4, 8, 8, 8]);
  });

  it('counts by address, and by whom the credentials claim to be', () => {
    const backOff = start();
    for (let tries = 0; tries < 3; tries += 1) backOff.failed(key(`192.0.2.${tries}`, 'ada'));
    assert.equal(backOff.wait(key('198.51.100.1', 'ada')), 1);
    assert.equal(backOff.wait(key('198.51.100.1', 'bob')), 0);
    assert.equal(backOff.wait(key('192.0.2.1', 'bob')), 0);
  });

  it('never lets those wait who have proven the same credentials from the same address', () => {
    const backOff = start();
    backOff.succeeded(key('192.0.2.1', 'ada', 'Basic right'));
    for (let tries = 0; tries < 9; tries += 1) backOff.failed(key('192.0.2.1', 'ada'));
    assert.equal(backOff.wait(key('192.0.2.1', 'ada', 'Basic right')), 0);
    assert.equal(backOff.wait(key('192.0.2.1', 'ada', 'Basic other')), 8);
    assert.equal(backOff.wait(key('192.0.2.2', 'ada', 'Basic right')), 8);
  });

  it('forgets', () => {
    const backOff = start();
    for (let tries = 0; tries < 3; tries += 1) backOff.failed(key('192.0.2.1'));
    time += settings.forgetSeconds * 1000 + 1;
    backOff.failed(key('192.0.2.1'));
    assert.equal(backOff.wait(key('192.0.2.1')), 0);
  });

  for (const [title, addresses, waits] of [
    ['a /64 of IPv6 is one', ['2001:db8:0:1::1', '2001:db8::1:0:0:0:2', '2001:db8:0:1:ffff::3'], 1],
    ['another /64 is another one', ['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1'], 0],
  ] as const) {
    it(title, () => {
      const backOff = start();
      for (const address of addresses) backOff.failed(key(address));
      assert.equal(backOff.wait(key('2001:0db8:0:1::99')), waits);
    });
  }

  it('keeps a bounded number of addresses', () => {
    const backOff = start();
    for (let tries = 0; tries < 3; tries += 1) backOff.failed(key('192.0.2.1'));
    for (let n = 0; n < 10_001; n += 1) backOff.failed(key(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`));
    assert.equal(backOff.wait(key('192.0.2.1')), 0);
  });
});
