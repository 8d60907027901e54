/** @file How an exported file is compared with what it was made of: the first difference ends the export. */
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../contract/errors.ts';

export function differs(what: string): AppError {
  return new AppError('internal', `The export is not the same as the project: ${what}. It was not kept.`, {
    hint: 'The earlier export, if there was one, is as it was. Check the disk, and whether somebody changed the project.',
  });
}

/** @throws AppError internal when a value that was read back is not what was meant. */
export function same(what: string, found: unknown, wanted: unknown): void {
  // As JSON has it: no undefined, and no difference between 0 and -0.
  if (isDeepStrictEqual(found, wanted === undefined ? wanted : JSON.parse(JSON.stringify(wanted)))) return;
  throw differs(`${what} is ${shortly(found)} and should be ${shortly(wanted)}`);
}

const shortly = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 200);

/** Runs `check`; what it cannot read is the writer's fault, not that of a person who brought a file. */
export async function checked(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw error instanceof AppError && error.code === 'bad-request' ? differs(error.message) : error;
  }
}
