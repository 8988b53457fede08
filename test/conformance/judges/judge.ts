// What a judge is: someone who looks at a running gateway from outside and says, item by item, what is right.

export interface Target {
  readonly url: string;
  readonly token: string;
}

export type Verdict =
  | { readonly title: string; readonly outcome: 'passed' }
  | {
      readonly title: string;
      /** `explained`: the judge objects, and the RFC is on our side. */
      readonly outcome: 'explained' | 'failed' | 'skipped';
      readonly reason: string;
    };

export interface Judge {
  readonly name: string;
  /** Why it cannot judge here; undefined where it can. */
  prepare(): Promise<string | undefined>;
  judge(target: Target): Promise<readonly Verdict[]>;
}
