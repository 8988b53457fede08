// LDAP messages as values (RFC 4511 s4.1.1): what a client sends and what a server answers, in the words of
// `operations.ts`. The bytes are the business of the four encode and decode files beside this one.
import type { LdapEntry } from '../entry.ts';
import type {
  AddRequest,
  CompareRequest,
  DeleteRequest,
  ModifyDnRequest,
  ModifyRequest,
  RequestControl,
  ResponseControls,
  SearchRequest,
} from '../operations.ts';
import type { LdapValue } from '../value.ts';

export interface BindRequest {
  readonly dn: string;
  readonly authentication:
    | { readonly kind: 'simple'; readonly password: LdapValue }
    | { readonly kind: 'sasl'; readonly mechanism: string; readonly credentials?: LdapValue };
}

export interface ExtendedRequest {
  readonly name: string;
  readonly value?: LdapValue;
}

export type RequestMessage =
  | ({ readonly kind: 'bind' } & BindRequest)
  | { readonly kind: 'unbind' }
  | ({ readonly kind: 'search' } & SearchRequest)
  | ({ readonly kind: 'add' } & AddRequest)
  | ({ readonly kind: 'modify' } & ModifyRequest)
  | ({ readonly kind: 'modifyDn' } & ModifyDnRequest)
  | ({ readonly kind: 'delete' } & DeleteRequest)
  | ({ readonly kind: 'compare' } & CompareRequest)
  | ({ readonly kind: 'extended' } & ExtendedRequest)
  | { readonly kind: 'abandon'; readonly messageId: number };

/** A control as a server receives it. */
export type ReceivedControl = { readonly critical: boolean } & (
  | RequestControl
  | { readonly kind: 'unknown'; readonly oid: string; readonly value: Buffer | undefined }
);

export interface ReceivedRequest {
  readonly messageId: number;
  /** Its `controls` are absent: `controls` beside it holds all of them with their criticality. */
  readonly request: RequestMessage;
  readonly controls: readonly ReceivedControl[];
}

/** LDAPResult (RFC 4511 s4.1.9). */
export interface ResultFields {
  readonly code: number;
  readonly matchedDn: string;
  readonly diagnosticMessage: string;
  readonly referrals: readonly string[];
}

export type ResultKind = 'bind' | 'searchDone' | 'modify' | 'add' | 'delete' | 'modifyDn' | 'compare';

export type ResponseMessage =
  | { readonly kind: 'searchEntry'; readonly entry: LdapEntry }
  | { readonly kind: 'searchReference'; readonly urls: readonly string[] }
  | { readonly kind: ResultKind; readonly result: ResultFields; readonly controls?: ResponseControls }
  | {
      readonly kind: 'extended';
      readonly result: ResultFields;
      /** OID; with message id 0 `extendedOid.noticeOfDisconnection` (RFC 4511 s4.4.1). */
      readonly name?: string;
      readonly value?: Buffer;
    }
  | { readonly kind: 'intermediate'; readonly name?: string; readonly value?: Buffer };

export interface ReceivedResponse {
  readonly messageId: number;
  /** Undefined where the operation's tag is none of RFC 4511. */
  readonly response: ResponseMessage | undefined;
}

/** Application tags of the protocol operations (RFC 4511 s4.2 to s4.13). */
export const requestTag = {
  bind: 0x60,
  unbind: 0x42,
  search: 0x63,
  modify: 0x66,
  add: 0x68,
  delete: 0x4a,
  modifyDn: 0x6c,
  compare: 0x6e,
  abandon: 0x50,
  extended: 0x77,
} as const;

export const responseTag = {
  bind: 0x61,
  searchEntry: 0x64,
  searchDone: 0x65,
  searchReference: 0x73,
  modify: 0x67,
  add: 0x69,
  delete: 0x6b,
  modifyDn: 0x6d,
  compare: 0x6f,
  extended: 0x78,
  intermediate: 0x79,
} as const;
