// Holds the lines of an audit against one another: every chain without a gap, every record as it was written.
import { hashRecord } from './audit.ts';

export interface AuditProblem {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** What is there of one chain. */
export interface AuditChain {
  readonly chain: string;
  readonly first: number;
  readonly last: number;
  /** Whether it was closed; one that was not is still written, was killed, or lacks its end. */
  readonly ended: boolean;
}

export interface AuditFindings {
  readonly problems: readonly AuditProblem[];
  readonly chains: readonly AuditChain[];
}

interface State {
  readonly first: number;
  last: number;
  hash: string;
  ended: boolean;
}

export function verifyAudit(lines: readonly string[]): AuditFindings {
  const problems: AuditProblem[] = [];
  const states = new Map<string, State>();
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const message = verifyLine(text, states);
    if (message !== undefined) problems.push({ line: index + 1, message });
  }
  const chains = [...states].map(([chain, { first, last, ended }]) => ({ chain, first, last, ended }));
  return { problems, chains };
}

function verifyLine(text: string, states: Map<string, State>): string | undefined {
  const record = parse(text);
  if (record === undefined) return 'is no record of an audit';
  const { hash, ...content } = record;
  const { chain, seq, previous, kind } = content;
  const state = states.get(chain);
  // As it is written, too: of a member that is there twice only the last one would count.
  const intact = hashRecord(content) === hash && JSON.stringify(record) === text;
  states.set(chain, { first: state?.first ?? seq, last: seq, hash, ended: kind === 'end' });
  if (!intact) return `was altered: record ${seq} of chain ${chain}`;
  if (state === undefined) return seq === 1 && previous !== '' ? `does not begin its chain ${chain}` : undefined;
  if (seq === state.last && hash === state.hash) return `is there twice: record ${seq} of chain ${chain}`;
  if (seq !== state.last + 1) return `follows on record ${state.last}, and is record ${seq} of chain ${chain}`;
  if (previous !== state.hash) return `does not fit record ${state.last} of chain ${chain}`;
  return undefined;
}

interface AuditRecord {
  readonly chain: string;
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
  readonly kind?: unknown;
}

function parse(text: string): AuditRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { chain, seq, previous, hash } = value as Readonly<Record<string, unknown>>;
  const fits =
    typeof chain === 'string' && Number.isSafeInteger(seq) && typeof previous === 'string' && typeof hash === 'string';
  return fits ? (value as AuditRecord) : undefined;
}
