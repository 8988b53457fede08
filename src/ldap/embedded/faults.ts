import type { RequestMessage } from '../protocol/message.ts';

/** Something that goes wrong on purpose, for tests of what a client does then. */
export interface Fault {
  readonly operation: RequestMessage['kind'] | 'any';
  /** Only for these requests; all, where absent. */
  readonly when?: (request: RequestMessage) => boolean;
  /** How often; for ever, where absent. */
  readonly times?: number;
  readonly effect: /** Answers later, in milliseconds. */
    | { readonly kind: 'delay'; readonly milliseconds: number }
    /** Cuts the connection before the operation is done, or after it was done and before it is answered. */
    | { readonly kind: 'drop'; readonly at: 'beforeApplying' | 'afterApplying' }
    /** Does nothing and answers with a result code. */
    | { readonly kind: 'answer'; readonly code: number; readonly diagnosticMessage?: string };
}

export interface FaultPlan {
  /** Adds a fault; the function that comes back takes it away. */
  inject(fault: Fault): () => void;
  /** The fault for a request, counted as used. */
  take(request: RequestMessage): Fault['effect'] | undefined;
  clear(): void;
}

/** Faults in their order: the first that fits is the one that happens. */
export function createFaultPlan(initial: readonly Fault[] = []): FaultPlan {
  interface Armed {
    readonly fault: Fault;
    left: number;
  }
  const armed = new Set<Armed>();
  const inject = (fault: Fault) => {
    const each: Armed = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    armed.add(each);
    return () => void armed.delete(each);
  };
  initial.forEach(inject);
  return {
    inject,
    clear: () => armed.clear(),
    take(request) {
      for (const each of armed) {
        const { operation, when, effect } = each.fault;
        if (operation !== 'any' && operation !== request.kind) continue;
        if (when !== undefined && !when(request)) continue;
        if (--each.left <= 0) armed.delete(each);
        return effect;
      }
      return undefined;
    },
  };
}
