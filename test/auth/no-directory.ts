import type { PasswordDirectory } from '../../src/auth/directory-password.ts';

const never = (): never => {
  throw new Error('the directory was asked');
};

/** For methods that have no business with it. */
export const noDirectory: PasswordDirectory = { find: never, bind: never, identify: never };
