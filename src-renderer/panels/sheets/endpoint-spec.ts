/** @file What the form for an endpoint does with its values: checks, optional fields, a free id. */
import { type EndpointSpec, endpointSchema } from '../../../src-main/contract/pack.ts';

/** A spec with an optional text that is absent where it is empty. */
export function withOptional(spec: EndpointSpec, name: 'keyVariable' | 'prompt', value: string): EndpointSpec {
  const { [name]: _, ...rest } = spec;
  return value === '' ? rest : { ...rest, [name]: value };
}

/** What is wrong, by field. */
export function problemsOf(spec: EndpointSpec, title: string): Map<string, string> {
  const found = new Map<string, string>();
  if (title.trim() === '') found.set('title', 'Give it a name');
  const checked = endpointSchema.safeParse(spec);
  for (const { path, message } of checked.error?.issues ?? []) {
    const field = path.join('.');
    if (!found.has(field)) found.set(field, texts[field] ?? `${field}: ${message}`);
  }
  return found;
}

const texts: Record<string, string> = {
  baseUrl: 'Give the whole address, such as http://127.0.0.1:11434/v1',
  model: 'Give the name of the model as the server knows it',
  prompt: 'The question must contain {query}',
};

/** An id that is free, made from a title: "My server!" -> "my-server-2". */
export function idFor(title: string, taken: readonly string[]): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'endpoint' : plain;
  let id = base;
  for (let n = 2; taken.includes(id); n += 1) id = `${base}-${n}`;
  return id;
}
