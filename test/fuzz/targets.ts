// Every target, in the order in which a run over all of them goes.
import type { FuzzTarget } from './fuzz-target.ts';
import { berRequest } from './targets/ber-request.ts';
import { berResponse } from './targets/ber-response.ts';
import { body } from './targets/body.ts';
import { filter } from './targets/filter.ts';
import { ldapText } from './targets/ldap-text.ts';
import { mapping } from './targets/mapping.ts';
import { patch } from './targets/patch.ts';
import { path } from './targets/path.ts';
import { query } from './targets/query.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  filter,
  path,
  body,
  patch,
  query,
  berRequest,
  berResponse,
  ldapText,
  mapping,
];
