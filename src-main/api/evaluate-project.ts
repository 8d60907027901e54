/** @file The accepted queries of a project as ground truth, and what models answered to them as results. */
import type { AnsweringModel } from '../contract/methods-evaluate.ts';
import type { Asked, GroundTruth } from '../evaluate/asked.ts';
import type { Problems } from '../evaluate/problems.ts';
import type { RawResult } from '../evaluate/result.ts';
import { createPauses } from '../evaluate/steps.ts';
import { strataOf } from '../evaluate/strata.ts';
import type { CocoSource } from '../formats/coco/source.ts';
import { regionOf, uniteRegions } from '../metrics/region.ts';
import { acceptedAfter, answerOfQuery, lastRuns, targetsOfQuery, wholeAnswer } from '../store/evaluated.ts';
import { need } from '../store/records.ts';
import type { Db } from '../store/statements.ts';

const pageSize = 500;

type Options = {
  readonly problems: Problems;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
};

/** Query ids of the project as ids of the ground truth. Masks are read when they are asked for. */
export async function truthOfProject(
  db: Db,
  fileName: CocoSource['fileName'],
  { problems, signal, onProgress }: Options,
): Promise<GroundTruth> {
  const asked = new Map<string, Asked>();
  let judgedWrong = 0;
  const pause = createPauses(signal);
  for (let last = 0; ; ) {
    const page = acceptedAfter(db, last, pageSize);
    for (const query of page) {
      await pause();
      const { id, text, imageId, noTarget, form, reasoningType, source, exhaustive } = query;
      if (query.clear === false || query.correct === false) {
        judgedWrong += 1;
        continue;
      }
      const targets = targetsOfQuery(db, id);
      if (noTarget === targets.length > 0) {
        const why = noTarget ? 'says that nothing matches and has' : 'is accepted and has no';
        problems.tell('ground-truth', `query ${id} ${why} instances; it is left out.`);
        continue;
      }
      const image = need(db, 'image', imageId);
      const { width, height } = image;
      const strata = {
        form,
        reasoning_type: reasoningType ?? 'none',
        source,
        answer: exhaustive ? 'all that match' : 'some that match',
        ...strataOf(targets),
      };
      asked.set(String(id), {
        ...{
          id: String(id),
          imageKey: String(imageId),
          fileName: fileName(image),
          text,
          noTarget,
          width,
          height,
          strata,
        },
        answer: () => {
          const truths = answerOfQuery(db, id).map(({ rle, area }) => ({ region: regionOf(rle), area, crowd: false }));
          const target = uniteRegions(truths.map(({ region }) => region), height, width); // biome-ignore format: one line
          return { target, ignore: null, truths };
        },
      });
    }
    onProgress(asked.size);
    if (page.length < pageSize) break;
    last = page.at(-1)!.id;
  }
  return { asked, leftOut: judgedWrong > 0 ? [`${judgedWrong} that were judged unclear or wrong`] : [] };
}

/** What a model answered, for those of the queries that it has answered and whose answer is whole. */
export type ModelAnswers = {
  readonly truth: GroundTruth;
  readonly results: (only?: ReadonlySet<string>) => AsyncGenerator<RawResult>;
  readonly notes: readonly string[];
};

export async function answersOfModel(
  db: Db,
  model: AnsweringModel,
  truth: GroundTruth,
  signal: AbortSignal,
): Promise<ModelAnswers> {
  const pause = createPauses(signal);
  const runs = new Map(lastRuns(db, model).map((run) => [String(run.queryId), run]));
  const asked = new Map<string, Asked>();
  const left = { never: 0, partly: 0, unrefined: 0 };
  for (const [id, query] of truth.asked) {
    await pause();
    const run = runs.get(id);
    const answer = run && wholeAnswer(db, run.runId, run.runId === run.newest);
    if (!run) left.never += 1;
    else if (!answer) left.partly += 1;
    else {
      asked.set(id, query);
      if (!answer.semantic) left.unrefined += 1;
    }
  }
  const hasSemantic = left.unrefined === 0;
  const results: ModelAnswers['results'] = async function* (only) {
    for (const id of asked.keys()) {
      if (only && !only.has(id)) continue;
      await pause();
      const { runId, newest } = runs.get(id)!;
      const { semantic, refined, instances } = wholeAnswer(db, runId, runId === newest)!;
      const masks = instances.map(({ rle, score }) => ({ segmentation: rle, score }));
      const { timing } = need(db, 'run', runId);
      const value = { ...(hasSemantic && { semantic }), refined, instances: masks, timing };
      yield { id, where: `Run ${runId}`, value };
    }
  };
  return { truth: { asked, leftOut: truth.leftOut }, results, notes: notesOf(left, asked.size) };
}

function notesOf({ never, partly, unrefined }: { never: number; partly: number; unrefined: number }, answered: number) {
  const of = (count: number) => (count === 1 ? '1 accepted query' : `${count.toLocaleString('en')} accepted queries`);
  return [
    ...(never > 0 ? [`${of(never)} ${never === 1 ? 'was' : 'were'} never put to this model.`] : []),
    ...(partly > 0
      ? [`Of ${of(partly)} the answer was not kept whole; ask this model again to have them evaluated.`]
      : []),
    ...(unrefined > 0 && answered > 0
      ? [`Masks before refinement are not scored: they were not kept for ${of(unrefined)}.`]
      : []),
  ];
}
