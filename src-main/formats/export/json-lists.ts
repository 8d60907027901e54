/** @file Pieces of a JSON file, one element of a list a line: people can look into it, and it compares line by line. */
import type { Append } from '../replace-file.ts';

type Items = AsyncIterable<object> | Iterable<object>;

/** The member `name` of an object that is being written, a list. @param first whether it is the object's first member. */
export async function writeList(append: Append, name: string, items: Items, first = false): Promise<void> {
  await append(`${first ? '' : ',\n'}${JSON.stringify(name)}:`);
  await writeArray(append, items);
}

/** A list by itself. */
export async function writeArray(append: Append, items: Items): Promise<void> {
  await append('[');
  let separator = '\n';
  for await (const item of items) {
    await append(`${separator}${JSON.stringify(item)}`);
    separator = ',\n';
  }
  await append(']');
}
