/** @file Reading an exported JSON file back in the order that it must have. */
import { type JsonEvent, jsonElements } from '../json-elements.ts';
import { differs } from './compare.ts';

export type Json = Readonly<Record<string, unknown>>;

export type JsonCursor = {
  /** A member that is no list. */
  value(key: string): Promise<unknown>;
  /** A list begins. */
  begins(key: string): Promise<void>;
  /** Its next element. */
  element(key: string, what: string): Promise<Json>;
  /** Nothing follows. */
  ends(): Promise<void>;
};

/** Calls `read` with the file. @param list the key that a file which is a list gets. @throws AppError internal where the file does not go on as asked. */
export async function withJson(
  file: string,
  signal: AbortSignal | undefined,
  read: (cursor: JsonCursor) => Promise<void>,
  list?: string,
): Promise<void> {
  const events = jsonElements(file, signal, list === undefined ? {} : { list });
  const take = async (): Promise<JsonEvent | null> => (await events.next()).value ?? null;
  const expect = async (kind: JsonEvent['kind'], key: string, what: string) => {
    const event = await take();
    if (event?.kind !== kind || event.key !== key) throw differs(what);
    return event;
  };
  try {
    await read({
      value: async (key) => {
        const event = await expect('value', key, `"${key}" does not follow`);
        return event.kind === 'array' ? undefined : event.value;
      },
      begins: async (key) => void (await expect('array', key, `the section ${key} does not follow`)),
      element: async (key, what) => {
        const event = await expect('element', key, `${what} is missing`);
        return (event.kind === 'array' ? {} : event.value) as Json;
      },
      ends: async () => {
        if ((await take()) !== null) throw differs('it has more than the project');
      },
    });
  } finally {
    await events.return(undefined);
  }
}
