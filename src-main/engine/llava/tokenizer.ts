/**
 * @file Text to token ids and back, as the pack's tokenizer.json says, and the prompt of a query.
 */
import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../contract/errors.ts';
import type { LlavaSpec } from '../../contract/pack.ts';

export type LlavaTokenizer = {
  /** Ids before and after the image's place in the prompt of `query`. Throws AppError as `promptOf`. */
  prompt(query: string): { readonly before: number[]; readonly after: number[] };
  /** Text of an answer for people: special tokens such as <SEG> are left out, and spaces before full stops. */
  text(ids: readonly number[]): string;
};

/** Throws AppError 'bad-pack' where the files are no tokenizer, or not the one that the manifest speaks of. */
export async function openTokenizer(
  spec: LlavaSpec,
  files: { tokenizer: string; config: string | null },
): Promise<LlavaTokenizer> {
  let tokenizer: Tokenizer;
  try {
    const config = files.config === null ? {} : JSON.parse(await readFile(files.config, 'utf8'));
    tokenizer = new Tokenizer(JSON.parse(await readFile(files.tokenizer, 'utf8')), config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('bad-pack', `The tokenizer ${files.tokenizer} cannot be used: ${reason}`, { cause });
  }
  for (const [name, { text, id }] of Object.entries({ imageToken: spec.imageToken, segToken: spec.segToken })) {
    const found = tokenizer.token_to_id(text);
    if (found === id) continue;
    throw new AppError(
      'bad-pack',
      `The manifest's ${name} ${text} is ${id}, but the tokenizer has ${found ?? 'none'}.`,
      {
        hint: 'tokenizer.json and pack.json come from different exports: export the pack again.',
      },
    );
  }
  const special = [...tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content);
  return {
    prompt: (query) => promptOf(tokenizer, spec, plainQuery(query, special)),
    text: (ids) => {
      if (ids.length === 0) return ''; // the library refuses an empty list
      return tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: true }).trim();
    },
  };
}

/**
 * The annotator's words in one line, in which no special token counts: a query that quotes "<image>" or "</s>" must not
 * change the prompt's form. The token's first character is set apart from the rest.
 */
export function plainQuery(query: string, special: readonly string[]): string {
  let text = query.replace(/\s+/g, ' ').trim();
  for (const token of special) {
    if (token.length > 1) text = text.replaceAll(token, `${token.slice(0, 1)} ${token.slice(1)}`);
  }
  return text;
}

/**
 * Throws AppError 'bad-request' where the query is too long for the model, 'bad-pack' where the tokenizer does not see
 * the image's place.
 */
function promptOf(tokenizer: Tokenizer, spec: LlavaSpec, query: string): { before: number[]; after: number[] } {
  // A function, because a text would give "$&" in the query a meaning.
  const text = spec.template.replace('{query}', () => query);
  const { ids } = tokenizer.encode(text, { add_special_tokens: spec.tokenizer.addSpecialTokens });
  const at = ids.indexOf(spec.imageToken.id);
  if (at < 0 || at !== ids.lastIndexOf(spec.imageToken.id) || at === ids.length - 1) {
    throw new AppError('bad-pack', `The prompt "${text.slice(0, 200)}" has no image token with text after it.`, {
      hint: "The pack's template does not fit its tokenizer.",
    });
  }
  const room = spec.contextLength - spec.maxNewTokens - spec.grid[0] * spec.grid[1];
  if (ids.length - 1 > room) {
    throw new AppError(
      'bad-request',
      `The query is too long for this model: the prompt has ${ids.length - 1} tokens beside the image, and at most ${room} fit.`,
      { hint: 'Ask in fewer words.' },
    );
  }
  return { before: ids.slice(0, at), after: ids.slice(at + 1) };
}
