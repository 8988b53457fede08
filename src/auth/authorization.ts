// What those who prove by a credential who they are may do: the same for all of them, or by what their token says of
// them. A decision over data; what it comes to is held against each request in `gateway`.
import type { Access, Permissions } from '../mapping/access.ts';
import { compileAccess, type ReportPermission } from '../mapping/compile-access.ts';
import type { CompiledMapping } from '../mapping/mapping.ts';
import type { Problem } from '../util/problem.ts';
import type { Authenticator } from './authenticate.ts';
import type { Principal } from './principal.ts';

/** As the gateway file says it. Neither of the two: everything is permitted. */
export interface Authorization {
  /** Where no role fits. */
  readonly permissions?: Permissions;
  /** In order: the first that the caller holds counts. */
  readonly roles?: readonly RoleGrant[];
}

/** What does not fit the mapping is found when that is compiled, and told with its place. */
export interface PlacedAuthorization extends Authorization {
  /** `path` begins at the credential. */
  locate(path: readonly string[]): Pick<Problem, 'file' | 'line' | 'column' | 'path'>;
}

export interface RoleGrant {
  /** A scope, or one of the values of the claim `roles`. */
  readonly role: string;
  /** Absent: everything. */
  readonly permissions?: Permissions;
}

/** By the scopes and roles that the caller holds; undefined is everything. */
export type Authorize = (held: readonly string[]) => Access | undefined;

/** `path` of what is reported begins at the credential. */
export function compileAuthorization(
  compiled: CompiledMapping,
  { permissions, roles }: Authorization,
  report: ReportPermission,
): Authorize {
  const compile = (given: Permissions | undefined, ...at: readonly string[]): Access | undefined =>
    given && compileAccess(compiled, given, (path, message, hint) => report([...at, ...path], message, hint));
  // Who holds no role of a list of roles may do nothing.
  const otherwise = compile(permissions ?? (roles === undefined ? undefined : {}), 'permissions');
  const grants = (roles ?? []).map((each, index) => ({
    role: each.role,
    access: compile(each.permissions, 'roles', String(index), 'permissions'),
  }));
  return (held) => {
    const grant = grants.find(({ role }) => held.includes(role));
    return grant === undefined ? otherwise : grant.access;
  };
}

/** The authenticator, whose callers may do what `rules` say by the name of their credential; everything without a rule. */
export function authorizing(authenticator: Authenticator, rules: ReadonlyMap<string, Authorize>): Authenticator {
  if (rules.size === 0) return authenticator;
  return {
    ...authenticator,
    async authenticate(request) {
      const principal = await authenticator.authenticate(request);
      const access = rules.get(principal.name)?.(rolesOf(principal));
      return access === undefined ? principal : { ...principal, access };
    },
  };
}

function rolesOf({ scopes = [], claims = {} }: Principal): readonly string[] {
  const roles = Object.hasOwn(claims, 'roles') ? [claims['roles']].flat() : [];
  return [...scopes, ...roles.filter((role) => typeof role === 'string')];
}
