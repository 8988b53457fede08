import assert from 'node:assert/strict';
import { generatePassword, hashPassword, verifyPassword } from '../../../src/ldap/embedded/passwords.ts';

const verify = (stored: string, password: string) => verifyPassword(Buffer.from(stored), Buffer.from(password));

describe('passwords', () => {
  const cases: readonly [title: string, stored: string, password: string, matches: boolean][] = [
    // printf 'secretsalt' | openssl dgst -sha1 -binary, the salt appended
    ['salted', '{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0', 'secret', true],
    ['salted, another password', '{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0', 'Secret', false],
    ['unsalted', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'secret', true],
    ['unsalted, scheme in other letters', '{sha}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'secret', true],
    ['in the clear', 'secret', 'secret', true],
    ['in the clear by scheme', '{CLEARTEXT}secret', 'secret', true],
    ['in the clear, a part', 'secret', 'secre', false],
    ['of an unknown scheme', '{CRYPT}secret', 'secret', false],
    ['of an unknown scheme, word by word', '{CRYPT}secret', '{CRYPT}secret', false],
    ['cut short', '{SSHA}gVK8', 'secret', false],
  ];
  for (const [title, stored, password, matches] of cases)
    it(`${title}: ${matches ? 'matches' : 'does not match'}`, () => assert.equal(verify(stored, password), matches));

  it('are salted, so that equal ones look different', () => {
    const [one, other] = [hashPassword(Buffer.from('pässword')), hashPassword(Buffer.from('pässword'))];
    assert.notDeepEqual(one, other);
    for (const stored of [one, other]) assert.ok(verifyPassword(stored, Buffer.from('pässword')));
  });
  it('that are hashed already stay as they are', () => {
    const stored = Buffer.from('{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=');
    assert.equal(hashPassword(stored), stored);
  });
  it('that are made differ and can be typed', () => {
    const made = Array.from({ length: 50 }, generatePassword);
    assert.equal(new Set(made).size, 50);
    for (const each of made) assert.match(each, /^[a-zA-Z2-9]{12}$/);
  });
});
