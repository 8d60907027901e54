/** @file A list of queries, one a line, as people keep them: image, tab, query; or a JSON object a line. Pure. */
import { z } from 'zod';
import { queryForms, reasoningTypes } from '../contract/records.ts';

export type ListedQuery = {
  /** 1 for the first. */
  readonly line: number;
  /** A path in the project, a file name, or an image id. */
  readonly image: string;
  readonly text: string;
  readonly form: (typeof queryForms)[number] | null;
  readonly reasoningType: (typeof reasoningTypes)[number] | null;
};
export type BadLine = { readonly line: number; readonly reason: string; readonly text: string };

const lineSchema = z.object({
  image: z.union([z.string().trim().min(1), z.int().min(1).transform(String)]),
  query: z.string(),
  form: z.enum(queryForms).nullish(),
  reasoning_type: z.enum(reasoningTypes).nullish(),
});

/**
 * Reads a list. In lines with tabs the image comes first, then the query, then optionally form and kind of reasoning; a
 * first line `image<tab>query` is a head. Lines that cannot be read are answered with why, and cost no other line.
 */
export function readQueryLines(text: string): { queries: ListedQuery[]; bad: BadLine[] } {
  const queries: ListedQuery[] = [];
  const bad: BadLine[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    if (raw.trim() === '' || (index === 0 && /^image(?:_?id|s)?\t(?:query|text|question)/i.test(raw))) continue;
    const read = raw.trimStart().startsWith('{') ? fromJson(raw) : fromTabs(raw);
    const cleaned = typeof read === 'string' ? '' : read.text.replaceAll(/\s+/g, ' ').trim();
    if (typeof read === 'string') bad.push({ line, reason: read, text: raw.slice(0, 200) });
    else if (cleaned === '') bad.push({ line, reason: 'The query is empty', text: raw.slice(0, 200) });
    else if (cleaned.length > 10_000) bad.push({ line, reason: 'The query is too long', text: raw.slice(0, 200) });
    else queries.push({ ...read, line, text: cleaned });
  }
  return { queries, bad };
}

type Read = Omit<ListedQuery, 'line'>;

function fromJson(raw: string): Read | string {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return 'Not a line of JSON';
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return 'A line of JSON needs "image" and "query"';
  const { image, query, form = null, reasoning_type = null } = parsed.data;
  return { image, text: query, form, reasoningType: reasoning_type };
}

function fromTabs(raw: string): Read | string {
  const [image = '', text, form = '', reasoning = ''] = raw.split('\t').map((part) => part.trim());
  if (text === undefined) return 'No tab between image and query';
  if (image === '') return 'No image before the tab';
  return {
    image,
    text,
    form: queryForms.find((known) => known === form.toLowerCase()) ?? null,
    reasoningType: reasoningTypes.find((known) => known === reasoning.toLowerCase()) ?? null,
  };
}
