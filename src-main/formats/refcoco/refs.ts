/**
 * @file References as REFER (RefCOCO) and G_REFER (gRefCOCO) want them: an answer with its sentences. Queries of one image
 * with the same answer in the same order are the sentences of one reference.
 */
import type { Answer, ExportContext, ImageAnswers } from '../export/context.ts';

export type Sentence = {
  readonly sent_id: number;
  /** As it was typed, both: RefCOCO's own are also lower-cased in `sent`, which would change reasoning queries. */
  readonly sent: string;
  readonly raw: string;
  /** Its words in small letters. */
  readonly tokens: readonly string[];
};

type Common = {
  readonly ref_id: number;
  readonly image_id: number;
  readonly file_name: string;
  readonly split: string;
  readonly sent_ids: readonly number[];
  readonly sentences: readonly Sentence[];
};
/** gRefCOCO's; -1 where nothing matches. */
export type GroupRef = Common & {
  readonly ann_id: readonly number[];
  readonly category_id: readonly number[];
  readonly no_target: boolean;
};
/** RefCOCO's: one instance. */
export type SingleRef = Common & { readonly ann_id: number; readonly category_id: number };

/** Queries that become one reference; answers of nothing stay apart, each is a question of its own. */
export function sentenceGroups({ answers }: ImageAnswers): Answer[][] {
  const groups = Map.groupBy(answers, ({ query, instances, links }) =>
    instances.length === 0 ? `none ${query.id}` : links.map(({ instanceId }) => instanceId).join(),
  );
  return [...groups.values()];
}

/** References and sentences have the numbers of their queries. @param group at least one, all with one answer. */
export function toGroupRef(group: readonly Answer[], answered: ImageAnswers, context: ExportContext): GroupRef {
  const { query, instances } = group[0]!;
  const none = instances.length === 0;
  return {
    ref_id: query.id,
    image_id: answered.image.id,
    file_name: answered.fileName,
    split: answered.split,
    ann_id: none ? [-1] : instances.map(({ instance }) => instance.id),
    category_id: none ? [-1] : instances.map(({ instance }) => context.categories.numberOf(instance)),
    no_target: none,
    sent_ids: group.map(({ query: { id } }) => id),
    sentences: group.map(({ query: { id, text } }) => ({ sent_id: id, sent: text, raw: text, tokens: wordsOf(text) })),
  };
}

/** null for a reference to several instances or to none, which RefCOCO does not know. */
export function toSingleRef({ no_target, ann_id, category_id, ...common }: GroupRef): SingleRef | null {
  if (no_target || ann_id.length !== 1) return null;
  return { ...common, ann_id: ann_id[0]!, category_id: category_id[0]! };
}

const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
