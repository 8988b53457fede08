// A value that must not be shown. Whatever prints an object (JSON, template strings, inspection, the log) gets stars;
// only who asks for it by name gets the value.
import { inspect } from 'node:util';

const mask = '***';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
