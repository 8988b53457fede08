import assert from 'node:assert/strict';
import { urns } from '../../src/scim/urns.ts';
import { assertError, query } from './use-gateway.ts';
import { useGuardedGateway } from './use-guarded-gateway.ts';

const deep = 10_000;

describe('hostile queries', () => {
  const gateway = useGuardedGateway();
  const { scim, userId } = gateway;

  describe('filters', () => {
    const filters: readonly (readonly [string, string])[] = [
      ['100 KB of a string', `userName eq "${'x'.repeat(100_000)}"`],
      ['100 KB of terms', Array.from({ length: 6000 }, () => 'userName pr').join(' or ')],
      ['10,000 parentheses', `${'('.repeat(deep)}userName pr${')'.repeat(deep)}`],
      ['10,000 open parentheses', '('.repeat(deep)],
      ['10,000 times not', `${'not ('.repeat(deep)}userName pr${')'.repeat(deep)}`],
      ['10,000 brackets', `emails${'['.repeat(deep)}`],
      ['an unterminated string with 10,000 newlines', `userName eq "${'\n'.repeat(deep)}`],
      ['an unterminated string with 10,000 backslashes', `userName eq "${'\\'.repeat(deep)}`],
      ['10,000 dots', `name${'.a'.repeat(deep)} pr`],
      ['__proto__', '__proto__ eq "x"'],
      ['a part of __proto__', '__proto__.polluted eq "x"'],
      ['constructor', 'constructor.prototype pr'],
      ['a bracket of constructor', 'emails[constructor eq "x"]'],
      ['NUL', '\u0000'],
      ['half a surrogate pair', 'userName eq \ud800'],
      ['an LDAP filter in a name', 'userName)(uid=* eq "x"'],
      ['an exponent', 'meta.created gt 1e999999'],
    ];
    for (const [title, filter] of filters) {
      it(`${title} is 400 invalidFilter`, async () => {
        const body = { schemas: [urns.searchRequest], filter };
        assertError(await scim('POST', '/Users/.search', body), 400, 'invalidFilter');
        const url = `/Users?${query({ filter })}`;
        const answer = await scim('GET', url);
        // A URL is shorter than a body may be.
        if (url.length > 65_000) assertError(answer, 431);
        else assertError(answer, 400, 'invalidFilter');
      });
    }

    it('LDAP metacharacters in values are characters', async () => {
      for (const value of ['*', 'tar*', '*)(objectClass=*', '\\2a', '\u0000', 'target)(|(uid=*', ')', '(', '\\']) {
        const parameters = query({ filter: `userName eq ${JSON.stringify(value)} or userName sw "\\u0000"` });
        assert.deepEqual(await gateway.names(`/Users?${parameters}`), [], value);
      }
    });
  });

  describe('parameters', () => {
    const long = 'a.'.repeat(20_000);
    const parameters: readonly (readonly [string, number])[] = [
      ['__proto__=x&constructor=y&prototype[polluted]=z&__proto__[polluted]=1', 200],
      ['attributes=__proto__,constructor,toString,emails.__proto__', 200],
      [`attributes=${long}`, 200],
      [`excludedAttributes=${'userName,'.repeat(5000)}`, 200],
      ['sortBy=__proto__', 400],
      ['sortBy=constructor.name', 400],
      [`sortBy=${long}`, 400],
      ['filter=userName%20pr&filter=userName%20eq%20%22x%22', 400],
      ['count=1e308', 400],
      ['count=-99999999999999999999', 200],
      ['startIndex=99999999999999999999999', 200],
      ['filter=%E0%A4%A', 400],
      ['%', 200],
    ];
    for (const [text, status] of parameters) {
      it(`${text.slice(0, 60)} is ${status}`, async () => {
        const answer = await scim('GET', `/Users?${text}`);
        assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 300));
        if (status !== 200) assertError(answer, status, String(answer.body['scimType']));
      });
    }

    const headers: readonly (readonly [string, string])[] = [
      ['If-None-Match', '"x",'.repeat(10_000)],
      ['If-None-Match', `"${'\\'.repeat(40_000)}`],
      ['Accept', 'text/html;q=0.1,'.repeat(3000)],
      ['Accept', ';'.repeat(40_000)],
      ['Prefer', 'return=;'.repeat(5000)],
      ['Authorization', `Bearer ${'x'.repeat(40_000)}`],
      ['Authorization', `Bearer ${' '.repeat(40_000)}x y`],
      ['X-Forwarded-For', '1.1.1.1,'.repeat(5000)],
    ];
    for (const [name, value] of headers) {
      it(`${name}: ${value.slice(0, 20)} ... is answered`, async () => {
        const answer = await scim('GET', `/Users/${userId()}`, undefined, { [name]: value });
        assert.ok(answer.status < 500, String(answer.status));
        if (answer.status >= 400) assertError(answer, answer.status, answer.body['scimType'] as string | undefined);
      });
    }
  });
});
