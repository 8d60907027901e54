/** @file Which questions a job asks, in which order, and what they will cost. */
import type { Estimate, GenerationSettings, Template } from '../contract/generate.ts';
import {
  answerTokens,
  costOf,
  imageTokens,
  median,
  perRequest,
  secondsFor,
  textTokens,
} from '../dataset/generate-cost.ts';
import { targetClasses } from '../dataset/generate-objects.ts';
import { needsClass } from '../dataset/templates.ts';
import { askedBefore, classCounts, presentImages } from '../store/generation-images.ts';
import { measuredAnswers, type NewRequest } from '../store/generation-jobs.ts';
import type { Db } from '../store/statements.ts';
import { type PromptSpec, promptFor } from './generate-prompt.ts';

/** A question before its template is stored: built-in ones have no number until they are used. */
export type PlannedRequest = Omit<NewRequest, 'templateId'> & { readonly template: Template };
export type Plan = {
  readonly requests: readonly PlannedRequest[];
  readonly leftOut: { reason: string; images: number }[];
};

/** The questions of a job, image by image, so that a picture is read once for all of its templates. */
export function planRequests(db: Db, settings: GenerationSettings, templates: readonly Template[]): Plan {
  const { images: which, classes, minInstances } = settings;
  const counts = classCounts(db);
  const ids = templates.flatMap(({ id }) => (id === null ? [] : [id]));
  const asked = which === 'unasked' ? askedBefore(db, ids) : new Set<string>();
  const leftOut = new Map<string, number>();
  const leave = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  const requests: PlannedRequest[] = [];
  for (const imageId of imagesOf(db, which, leave)) {
    const fit = targetClasses(counts.get(imageId) ?? [], classes, minInstances);
    const planned = templates.flatMap((template) => {
      const targets = needsClass(template.body)
        ? fit.map(({ categoryId }) => categoryId)
        : [fit[0]?.categoryId ?? null];
      return targets.map((categoryId) => ({ imageId, categoryId, template }));
    });
    const fresh = planned.filter(({ template, categoryId }) => !asked.has(`${imageId} ${template.id} ${categoryId}`));
    if (planned.length === 0) leave(noClass(minInstances));
    else if (fresh.length === 0) leave('asked already, with these templates');
    requests.push(...fresh);
  }
  return { requests, leftOut: [...leftOut].map(([reason, images]) => ({ reason, images })) };
}

const noClass = (minInstances: number) =>
  minInstances === 1 ? 'no labelled object' : `no class with ${minInstances} labelled objects`;

function imagesOf(db: Db, which: GenerationSettings['images'], leave: (reason: string) => void): number[] {
  const present = presentImages(db, which === 'open' ? 'open' : 'all').map(({ id }) => id);
  if (!Array.isArray(which)) return present;
  const there = new Set(present);
  return [...new Set(which)].filter((id) => {
    if (!there.has(id)) leave('the photo is not there');
    return there.has(id);
  });
}

/** Prompts that are written out to learn how long they are. */
const sampled = 40;

/** What asking costs: from earlier answers of the model where there are any, else from the lengths of some prompts. */
export function estimate(
  db: Db,
  { requests, leftOut }: Plan,
  settings: GenerationSettings,
  { spec, model }: { spec: PromptSpec; model: string },
): Estimate {
  const { perImage, maxSide, prices, parallel } = settings;
  const step = Math.max(1, Math.floor(requests.length / sampled));
  const inputs = requests
    .filter((_, index) => index % step === 0)
    .slice(0, sampled)
    .map(({ template, ...request }) => {
      const prompt = promptFor(db, spec, { ...request, body: template.body }, { wanted: perImage, maxSide });
      return textTokens(prompt.text) + imageTokens(prompt.width, prompt.height);
    });
  const input = inputs.length === 0 ? 0 : inputs.reduce((sum, each) => sum + each, 0) / inputs.length;
  const before = measuredAnswers(db, model);
  const medianMs = median(before.map(({ ms }) => ms));
  const measured = {
    answers: before.length,
    inputTokens: before.reduce((sum, each) => sum + each.inputTokens, 0),
    outputTokens: before.reduce((sum, each) => sum + each.outputTokens, 0),
    medianMs,
  };
  const one = perRequest(measured, { input, output: answerTokens(perImage) });
  // How long a prompt is, is known here; how a model counts a picture, and how much it says, only from its answers.
  const inputTokens = Math.round(one.input * requests.length);
  const outputTokens = Math.round(one.output * requests.length);
  return {
    images: new Set(requests.map(({ imageId }) => imageId)).size,
    requests: requests.length,
    inputTokens,
    outputTokens,
    cost: costOf(inputTokens, outputTokens, prices),
    seconds: secondsFor(requests.length, medianMs, parallel),
    basis: one.measured ? 'measured' : 'estimated',
    leftOut,
  };
}
