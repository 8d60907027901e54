/**
 * @file A language model's server, over real HTTP: it reads the objects in the prompt that it was sent, and answers as such
 * servers do, sometimes late, sometimes in half an answer. What it meant by each text is remembered for the test.
 */
import { seededKey } from '../../../src-main/dataset/seeded.ts';
import { serving } from '../../dataset/generate-bench.ts';
import { type ChatServer, completion, json, type Reply } from '../../endpoint/server.ts';
import { type Asked, type Box, type Written, write } from './texts.ts';

export type Meant = Written & { readonly className: string; readonly boxes: readonly Box[] };
export type Writer = {
  readonly chat: ChatServer;
  /** By text. */
  readonly meant: ReadonlyMap<string, Meant>;
  /** How often it behaved badly, by how. */
  readonly troubles: ReadonlyMap<string, number>;
};

type Trouble = 'busy' | 'broken' | 'no JSON' | 'in fences' | 'cut off';
const troubles: readonly (Trouble | null)[] = ['busy', 'broken', 'no JSON', 'in fences', 'cut off'];

/** @throws Error where the prompt does not hold what it must: the test then sees the answer 500. */
export function readPrompt(prompt: string): Asked {
  const className = /objects of the class "(.+?)"/.exec(prompt)?.[1];
  const kind = /The reasoning: (attributes|space|context)\./.exec(prompt)?.[1] as Asked['kind'] | undefined;
  if (className === undefined || kind === undefined || !/^Write 1 /m.test(prompt)) throw new Error(prompt);
  const objects = [...prompt.matchAll(/^\d+\. (.+) \[(\d+), (\d+), (\d+), (\d+)\]$/gm)];
  const ofClass = objects.filter(([, name]) => name === className);
  const boxes = ofClass.map(([, , ...numbers]) => numbers.map(Number) as unknown as Box);
  // They must be the first of the list: answers name them by number.
  if (boxes.length === 0 || ofClass.some((object, place) => objects[place] !== object)) throw new Error(prompt);
  return { className, boxes, kind, short: prompt.includes('Each query is a phrase') };
}

export async function startWriter(): Promise<Writer> {
  const meant = new Map<string, Meant>();
  const counts = new Map<string, number>();
  const attempts = new Map<string, number>();
  const chat = await serving((prompt): Reply => {
    const attempt = (attempts.get(prompt) ?? 0) + 1;
    attempts.set(prompt, attempt);
    const trouble = attempt === 1 ? troubles[seededKey(2, prompt) % (5 * troubles.length)] : undefined;
    if (trouble) counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
    if (trouble === 'busy') return json({ error: { message: 'slow down' } }, 429, { 'retry-after-ms': '30' });
    if (trouble === 'no JSON') return 'I am sorry, but I would rather not say anything about this photo.';
    if (trouble === 'broken') return '{"queries": [{"text": ';
    const asked = readPrompt(prompt);
    const written = write(asked, attempt);
    for (const each of written) meant.set(each.text, { ...each, className: asked.className, boxes: asked.boxes });
    const queries = written.map(({ text, means, fault }) => {
      const named = fault === 'too few named' ? means.slice(1) : means;
      return { text, targets: named.map((place) => place + 1) };
    });
    const answer = JSON.stringify({ queries }, null, 1);
    if (trouble === 'in fences') return `Here you are:\n\`\`\`json\n${answer}\n\`\`\`\nAnything else?`;
    // It stops at its limit of tokens: what was said by then is whole, and another query begins.
    if (trouble === 'cut off') {
      const half = answer.replace(/\s*\]\s*\}$/, ', {"text": "Which of the');
      return json(completion({ content: half }, 'length'));
    }
    return answer;
  });
  return { chat, meant, troubles: counts };
}
