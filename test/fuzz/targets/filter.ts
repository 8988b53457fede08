import assert from 'node:assert/strict';
import { parseLdapFilter } from '../../../src/ldap/parse-filter.ts';
import { printLdapFilter } from '../../../src/ldap/print-filter.ts';
import { decodeRequest } from '../../../src/ldap/protocol/decode-request.ts';
import { encodeRequest } from '../../../src/ldap/protocol/encode-request.ts';
import { planFilter } from '../../../src/mapping/plan-filter.ts';
import { noReferences } from '../../../src/mapping/references.ts';
import { evaluateFilter } from '../../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../../src/scim/filter/parse.ts';
import { printFilter, printResolvedFilter } from '../../../src/scim/filter/print.ts';
import { resolveFilter } from '../../../src/scim/filter/resolve.ts';
import { samplePerson } from '../../scim/filter/sample-person.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { filterWords, refusable, scimWords, userMapping } from './shared.ts';

/** A filter from the client to the octets that the directory gets. */
export const filter: FuzzTarget = {
  name: 'filter',
  shape: 'text',
  dictionary: [...filterWords, ...scimWords],
  weight: 20,
  async prepare() {
    const user = await userMapping();
    return (input) => {
      const parsed = refusable(() => parseFilter(input.toString('utf8')));
      if (parsed === undefined) return;
      const printed = printFilter(parsed);
      assert.equal(printFilter(parseFilter(printed)), printed, 'printed and parsed it is the same');
      const resolved = refusable(() => resolveFilter(parsed, user.type));
      if (resolved === undefined) return;
      printResolvedFilter(resolved);
      evaluateFilter(resolved, samplePerson);
      for (const bound of Object.values(planFilter(resolved, user, noReferences))) {
        const search = { kind: 'search', base: '', scope: 'subtree', filter: bound, attributes: ['1.1'] } as const;
        const { request } = decodeRequest(encodeRequest(1, search));
        assert.ok(request.kind === 'search');
        const text = printLdapFilter(bound);
        assert.equal(printLdapFilter(request.filter), text, 'what goes over the wire is what was planned');
        assert.equal(printLdapFilter(parseLdapFilter(text)), text, 'nothing in a value is read as a part of a filter');
      }
    };
  },
};
