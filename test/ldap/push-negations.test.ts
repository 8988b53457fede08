import assert from 'node:assert/strict';
import { parseLdapFilter } from '../../src/ldap/parse-filter.ts';
import { printLdapFilter } from '../../src/ldap/print-filter.ts';
import { pushNegations } from '../../src/ldap/push-negations.ts';

describe('negations pushed to single tests', () => {
  const cases: readonly [filter: string, pushed: string][] = [
    ['(a=1)', '(a=1)'],
    ['(!(a=1))', '(!(a=1))'],
    ['(!(!(a=1)))', '(a=1)'],
    ['(!(&(a=1)(b=*)))', '(|(!(a=1))(!(b=*)))'],
    ['(!(|(a=1)(b=*)))', '(&(!(a=1))(!(b=*)))'],
    ['(|(!(&(|(a=1)(!(b>=2)))(c<=3)))(d=x*y))', '(|(&(!(a=1))(b>=2))(!(c<=3))(d=x*y))'],
    ['(&(a=1)(!(|(b=2)(!(&(c=3)(d=4))))))', '(&(a=1)(!(b=2))(c=3)(d=4))'],
    ['(!(a:caseExactMatch:=1))', '(!(a:caseExactMatch:=1))'],
    ['(!(&))', '(|)'],
  ];
  for (const [filter, pushed] of cases)
    it(filter, () => assert.equal(printLdapFilter(pushNegations(parseLdapFilter(filter))), pushed));
});
