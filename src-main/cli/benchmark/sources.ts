/** @file Who is compared: `--model`, `--given` and `--results`, with the hashes of their packs. */
import { join } from 'node:path';
import type { App } from '../../compose.ts';
import { AppError } from '../../contract/errors.ts';
import { unwrap } from '../../contract/result.ts';
import { type PromptMode, promptModes } from '../../contract/segmentation.ts';
import { hashFile } from '../../engine/packs/hash.ts';
import { manifestName } from '../../engine/packs/manifest.ts';
import { findPack } from '../../engine/packs/registry.ts';
import { oneOf } from '../options.ts';
import type { Source } from './cells.ts';
import type { DataSet } from './data.ts';

/** `NAME=A,B,C`: several trainings of one model. A name is optional: the first of them, without its ending, is one. */
export type Named = {
  readonly name: string;
  /** `NAME@mask=A,B`: trained with one kind of prompts, and asked with no other. null: asked with all. */
  readonly prompts: PromptMode | null;
  readonly items: readonly string[];
};

export function parseNamed(option: string, texts: readonly string[]): Named[] {
  return texts.map((text): Named => {
    const [, label, list = text] = /^([^=/\\]+)=(.*)$/s.exec(text) ?? [];
    const items = list.split(',').map((item) => item.trim());
    if (items.some((item) => item === '')) {
      throw new AppError('bad-request', `--${option} is NAME=ONE[,ANOTHER ...], not "${text}".`);
    }
    const [, name = label, kind] = /^(.+)@(.+)$/s.exec(label ?? '') ?? [];
    const prompts = kind === undefined ? null : oneOf(`${option} NAME@PROMPTS`, kind, promptModes);
    return { name: name ?? items[0]!.replace(/^.*[/\\]|\.jsonl?$/g, ''), prompts, items };
  });
}

/** What "models.list" says of a pack, and the hash of its manifest. */
type Known = { readonly id: string; readonly kind: string; readonly sha256: string };

export async function findKnown(id: string): Promise<Known> {
  const { pack, folder } = await findPack(id);
  return { id, kind: pack.kind, sha256: await hashFile(join(folder, manifestName)) };
}

type Asked = {
  readonly models: readonly Named[];
  /** Name for what the requests bring; null where it is not asked for. */
  readonly given: string | null;
  readonly segmenters: readonly string[];
  /** No source is taken by itself where results are given. */
  readonly optional: boolean;
};

/**
 * The sources of one data set. Without --model and --given: what the requests bring, or else the reasoner that queries go to.
 * @throws AppError not-found, bad-request.
 */
export async function sourcesOf(
  data: DataSet,
  { models, given, segmenters, optional }: Asked,
  app: App,
): Promise<Source[]> {
  const packs = await Promise.all(segmenters.map(findKnown));
  for (const { id, kind } of packs) {
    if (kind !== 'segmenter')
      throw new AppError('bad-request', `The pack "${id}" is no segmenter: its kind is ${kind}.`);
  }
  const { evidence } = data.requests;
  const taken = given ?? (models.length === 0 && !optional && evidence !== 'words' ? 'given' : null);
  const asked = models.length === 0 && taken === null && !optional ? [await defaultModel(app)] : models;
  const sources: Source[] = [];
  if (taken !== null) {
    if (evidence === 'words' || evidence === 'mixed') throw noEvidence(data, evidence);
    for (const segmenter of packs) {
      const hashes = { reasoner: null, segmenter: segmenter.sha256 };
      sources.push({ model: taken, reasoner: null, prompts: null, segmenter: segmenter.id, evidence, hashes });
    }
  }
  for (const { name, prompts, items } of asked) {
    for (const id of items) {
      const { kind, sha256 } = await findKnown(id);
      if (kind === 'segmenter') {
        throw new AppError('bad-request', `The pack "${id}" cannot answer a query: its kind is ${kind}.`, {
          hint: 'Segmenters are named with --pack.',
        });
      }
      for (const segmenter of packs) {
        const hashes = { reasoner: sha256, segmenter: segmenter.sha256 };
        const answers = kind === 'endpoint' ? 'regions' : 'maps';
        sources.push({ model: name, reasoner: id, prompts, segmenter: segmenter.id, evidence: answers, hashes });
      }
    }
  }
  return sources;
}

async function defaultModel(app: App): Promise<Named> {
  const { chosen } = unwrap(await app.dispatch('reasoners.list', {}));
  if (chosen !== null) return { name: chosen, prompts: null, items: [chosen] };
  throw new AppError(
    'bad-request',
    'No model is there that could answer the queries, and the requests bring no maps.',
    {
      hint: 'Add a llava-seg pack (docs/packs.md) or an endpoint (docs/endpoints.md), or compare finished results with --results.',
    },
  );
}

function noEvidence({ path }: DataSet, evidence: string): AppError {
  return evidence === 'mixed'
    ? new AppError(
        'bad-request',
        `Some requests of ${path} bring a similarity map, others points, boxes or words only.`,
        {
          hint: 'Give each kind in a file of its own: their figures are not comparable.',
        },
      )
    : new AppError('bad-request', `The requests of ${path} bring no similarity maps, points or boxes.`, {
        hint: 'Leave --given out, and name who answers with --model.',
      });
}
