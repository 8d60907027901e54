/** @file Starting a job on a project: the endpoint by its id, the plan as rows, the tools that a job works with. */
import { AppError } from '../contract/errors.ts';
import type { GenerationSettings } from '../contract/generate.ts';
import type { EndpointSpec } from '../contract/pack.ts';
import type { Actor } from '../contract/records.ts';
import { shownUrl } from '../engine/endpoint/failures.ts';
import type { Environment } from '../engine/packs/folders.ts';
import { findPack } from '../engine/packs/registry.ts';
import { createGeneration } from '../store/generation-jobs.ts';
import type { Project } from '../store/project.ts';
import { need } from '../store/records.ts';
import { imageFile } from '../store/roots.ts';
import { createAsk } from './generate-ask.ts';
import { type Job, type JobTools, startJob } from './generate-job.ts';
import { photoReader } from './generate-photos.ts';
import { planRequests } from './generate-plan.ts';
import { storedTemplate, templatesNamed } from './generate-templates.ts';
import { elsewhereIndex } from './generate-texts.ts';

/** The endpoint of a pack. @throws AppError not-found, bad-request for a model that runs here. */
export async function endpointNamed(id: string, env: Environment): Promise<EndpointSpec> {
  const { pack } = await findPack(id, env);
  if (pack.kind === 'endpoint') return pack.endpoint;
  throw new AppError('bad-request', `"${id}" cannot write queries: its kind is ${pack.kind}.`, {
    hint: 'Choose an endpoint; one is set up under "Models and devices", or with a pack (docs/endpoints.md).',
  });
}

/** Writes the questions of a job down. @throws AppError bad-request where there is nothing to ask, or no price for a limit. */
export function planJob(project: Project, settings: GenerationSettings, spec: EndpointSpec, actor: Actor): number {
  const { db } = project;
  if (settings.maxCost !== null && settings.prices === null) {
    throw new AppError('bad-request', 'A limit of cost needs the prices of the model.', {
      hint: 'Give both prices for a million tokens; 0 for a model that costs nothing.',
    });
  }
  const templates = templatesNamed(db, settings.templates);
  const { requests, leftOut } = planRequests(db, settings, templates);
  if (requests.length === 0) {
    const why = leftOut.map(({ reason, images }) => `${images}: ${reason}`).join('; ');
    throw new AppError('bad-request', `There is nothing to ask${why ? ` (images left out: ${why})` : ''}.`, {
      hint: 'Import the labelled objects of the photos, choose other images, or use the template "free".',
    });
  }
  const stored = new Map(templates.map((template) => [template.name, storedTemplate(db, template, actor).id]));
  const rows = requests.map(({ template, ...request }) => ({ ...request, templateId: stored.get(template.name)! }));
  return createGeneration(db, { url: shownUrl(spec.baseUrl), model: spec.model, settings }, rows, actor);
}

export type RunOptions = {
  readonly project: Project;
  readonly spec: EndpointSpec;
  /** Wins over the variable that the endpoint names. */
  readonly key: string | undefined;
  readonly parallel: number;
} & Pick<JobTools, 'signal' | 'onStep'>;

/** Sets a job to work. @throws AppError endpoint where the key is missing. */
export function runJob({ project, spec, key, parallel, ...rest }: RunOptions, generationId: number): Job {
  const { db } = project;
  const fileOf = async (imageId: number) => imageFile(project, need(db, 'image', imageId));
  const picture = photoReader(fileOf, parallel + 1);
  const tools = { ...rest, db, spec, ask: createAsk(spec, key), picture, elsewhere: elsewhereIndex(db) };
  return startJob(tools, generationId);
}
