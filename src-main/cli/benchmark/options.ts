/** @file What `benchmark` is asked for. */
import { resolve } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { profileNames, promptModes } from '../../contract/segmentation.ts';
import { countOption, engineOptions, iouProfileOption, listOption, parse } from '../options.ts';
import { type Named, parseNamed } from './sources.ts';

export const benchmarkHelp = `benchmark [NAME=]DATA ... --out DIR [options]
  DATA             a folder with instances.json and requests.jsonl, a file of requests (.jsonl), a COCO file with queries,
                   or a ReasonSeg folder; several make columns of one table
  --out DIR        results of each cell, report.json, report.md; the same command goes on after an interruption
  --model NAME=PACK[,PACK ...]   a model that answers queries; several packs are trainings with other seeds. Repeatable
                   NAME@mask=PACK (both, mask, points) was trained with that kind of prompts, and is asked with no other
  --given NAME     what the requests bring (similarity maps, points, boxes), under this name
  --results NAME=FILE[,FILE ...] answers made elsewhere, one file a training (one data set only). Repeatable
  --pack ID[,ID ...]             segmenters (default mobile-sam)
  --prompts LIST   of both,mask,points (default all)
  --refine LIST    of off,paper,default (default all)
  --limit N        the first N requests of each data set
  --gt FILE, --root DIR          ground truth and folder of the photos where they are not beside the requests
  --metrics P, --resamples N, --seed N   as for "evaluate"
  --rerun          run cells again whose data, packs, program or options have changed
  --provider P, --threads N      as for "segment"
Exit code 0 only when every request was answered and scored.`;

const options = {
  out: { type: 'string' },
  model: { type: 'string', multiple: true },
  given: { type: 'string' },
  results: { type: 'string', multiple: true },
  pack: { type: 'string' },
  prompts: { type: 'string' },
  refine: { type: 'string' },
  limit: { type: 'string' },
  gt: { type: 'string' },
  root: { type: 'string' },
  metrics: { type: 'string' },
  resamples: { type: 'string' },
  seed: { type: 'string' },
  rerun: { type: 'boolean' },
  provider: { type: 'string' },
  threads: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Values = ReturnType<typeof parse<{ options: typeof options }>>['values'];

export type Options = ReturnType<typeof readOptions>;

/** What the command line asks for; null for its help. @throws AppError bad-request. */
export function benchmarkOptions(args: string[]): Options | null {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  return values.help ? null : readOptions(values, positionals);
}

function readOptions(values: Values, data: readonly string[]) {
  if (data.length === 0 || !values.out) {
    throw new AppError('bad-request', 'benchmark needs data and --out.', { hint: benchmarkHelp.split('\n')[0]! });
  }
  if (data.length > 1 && (values.gt !== undefined || values.root !== undefined || values.results !== undefined)) {
    throw new AppError('bad-request', '--gt, --root and --results are for one data set at a time.');
  }
  const limit = countOption('limit', values.limit, Number.POSITIVE_INFINITY);
  if (limit === 0) throw new AppError('bad-request', '--limit 0 leaves nothing to ask.');
  const models = parseNamed('model', values.model ?? []);
  const others = parseNamed('results', values.results ?? []);
  const given = values.given ?? null;
  checkNames([...models, ...others, ...(given === null ? [] : [{ name: given, prompts: null, items: [] }])]);
  const segmenters = values.pack?.split(',').map((id) => id.trim()) ?? ['mobile-sam'];
  return {
    out: resolve(values.out),
    data,
    files: { gt: values.gt, root: values.root, limit },
    asked: { models, given, segmenters, optional: others.length > 0 },
    others,
    prompts: listOption('prompts', values.prompts, promptModes),
    refinements: listOption('refine', values.refine, ['off', ...profileNames] as const),
    resampling: {
      profile: iouProfileOption(values.metrics),
      resamples: countOption('resamples', values.resamples, 1000),
      seed: countOption('seed', values.seed, 1),
    },
    rerun: values.rerun === true,
    engine: engineOptions(values),
  };
}

/** The tables must be able to tell models apart, and cells their files. */
function checkNames(named: readonly Named[]): void {
  const twice = (values: readonly string[]) => values.find((value, k) => values.indexOf(value) !== k);
  const clash = named.find(({ name, prompts }, k) =>
    named.some((other, n) => n !== k && other.name === name && (prompts === null || prompts === other.prompts)),
  );
  if (clash) {
    throw new AppError('bad-request', `There are two models "${clash.name}".`, {
      hint: 'Give all trainings of one model at once: NAME=A,B. Those with one kind of prompts each: NAME@mask=A NAME@points=B.',
    });
  }
  const item = twice(named.flatMap(({ items }) => items));
  if (item !== undefined)
    throw new AppError('bad-request', `"${item}" is named twice: what would it be compared with?`);
}
