/** @file Templates of prompts: which placeholders there are, what is wrong with a template, and filling one. Pure. */

export const placeholders = ['caption', 'objects', 'class', 'count', 'wanted'] as const;
export type Placeholder = (typeof placeholders)[number];

/** What each stands for, for the editor of templates. */
export const placeholderHelp: Readonly<Record<Placeholder, string>> = {
  caption: 'the captions of the photo',
  objects: 'a numbered list of the labelled objects with their boxes',
  class: 'the class that is asked about',
  count: 'how many objects of that class there are',
  wanted: 'how many queries are wanted',
};

/** A word in braces; JSON in a template has quotes or spaces behind its braces and is left alone. */
const placeholder = /\{([a-z]+)\}/g;

export type Filling = {
  readonly captions: readonly string[];
  /** The numbered list; empty where nothing is labelled. */
  readonly objects: string;
  readonly className: string | null;
  readonly count: number;
  readonly wanted: number;
};

const isPlaceholder = (name: string): name is Placeholder => (placeholders as readonly string[]).includes(name);

/** Placeholders that a template uses. */
export const usedIn = (body: string): Set<Placeholder> =>
  new Set([...body.matchAll(placeholder)].map(([, name]) => name!).filter(isPlaceholder));

/** Whether a template can only be used where something is labelled. */
export const needsClass = (body: string): boolean => {
  const used = usedIn(body);
  return used.has('class') || used.has('count');
};

/** What is wrong with a template, as sentences for the person who writes it. */
export function templateProblems(body: string): string[] {
  const unknown = [...new Set([...body.matchAll(placeholder)].map(([whole]) => whole))].filter(
    (whole) => !isPlaceholder(whole.slice(1, -1)),
  );
  const known = placeholders.map((name) => `{${name}}`).join(', ');
  return unknown.map((whole) => `There is no placeholder ${whole}. These can be used: ${known}.`);
}

/**
 * The prompt as it is sent: the filled template, and the form of the answer, which is no part of the template so that
 * every answer can be read. What is filled in is never looked at for placeholders again.
 */
export function fillTemplate(body: string, filling: Filling): string {
  const { captions, objects, className, count, wanted } = filling;
  const values: Record<Placeholder, string> = {
    caption: captions.length === 0 ? 'none' : captions.map((text) => text.trim()).join(' / '),
    objects: objects === '' ? 'none' : objects,
    class: className ?? 'object',
    count: String(count),
    wanted: String(wanted),
  };
  const text = body.replace(placeholder, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
  return `${text.trim()}\n\n${answerForm(objects !== '')}`;
}

function answerForm(hasObjects: boolean): string {
  const example = hasObjects ? '{"queries": [{"text": "...", "targets": [1, 2]}]}' : '{"queries": [{"text": "..."}]}';
  const targets = hasObjects ? ' "targets" are the numbers of all labelled objects that the query means.' : '';
  return `Answer with JSON and nothing else, in this form: ${example}.${targets}`;
}

/** The JSON schema of that form, for servers that can hold a model to one. */
export const answerSchema = {
  type: 'object',
  properties: {
    queries: {
      type: 'array',
      items: {
        type: 'object',
        properties: { text: { type: 'string' }, targets: { type: 'array', items: { type: 'integer' } } },
        required: ['text', 'targets'],
        additionalProperties: false,
      },
    },
  },
  required: ['queries'],
  additionalProperties: false,
} as const;
