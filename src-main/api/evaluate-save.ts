/** @file evaluate.save and evaluate.requests: files among the exports of the project, by plain names. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Output } from '../contract/api.ts';
import type { RequestLine } from '../contract/batch.ts';
import { AppError } from '../contract/errors.ts';
import type { ShownAnswer } from '../contract/methods-evaluate.ts';
import { decodeImage } from '../engine/image/decode.ts';
import { htmlReport, type Shown } from '../evaluate/html.ts';
import { collectProblems } from '../evaluate/problems.ts';
import type { QueryLine } from '../evaluate/report.ts';
import { createPauses } from '../evaluate/steps.ts';
import { writeAtomic } from '../files/atomic.ts';
import { regionOf } from '../metrics/region.ts';
import { openProject, type Project } from '../store/project.ts';
import { find } from '../store/records.ts';
import { imageFile } from '../store/roots.ts';
import { drawAnswer } from './evaluate-pictures.ts';
import { truthOfProject } from './evaluate-project.ts';
import type { Evaluated } from './evaluate-run.ts';
import { exportsFolder } from './export-file.ts';
import { cocoSource } from './export-source.ts';
import { plainName } from './project-names.ts';

/** The report with its pictures as one page, and all its numbers as JSON. @throws AppError io, cancelled. */
export async function saveEvaluation(
  project: Project,
  { evaluation, report }: Evaluated,
  signal: AbortSignal,
): Promise<Output<'evaluate.save'>> {
  const { worst, best, against } = evaluation;
  const shown = async (answers: readonly ShownAnswer[]) => {
    const all: Shown[] = [];
    for (const answer of answers) {
      signal.throwIfAborted();
      all.push({ line: lineOf(answer), picture: await pictureOf(project, answer) });
    }
    return all;
  };
  const differences = against && Object.fromEntries(against.differences.map(({ figure, ...each }) => [figure, each]));
  const compared = against && differences && { name: against.name, differences };
  const parts = { worst: await shown(worst), best: await shown(best), against: compared };
  const stem = plainName(
    `evaluation of ${against ? `${evaluation.results} against ${against.name}` : evaluation.results}`,
  );
  const folder = exportsFolder(project.folder);
  await write(folder, `${stem}.html`, htmlReport(report, parts));
  await write(folder, `${stem}.json`, `${JSON.stringify({ ...report, notes: evaluation.notes, against: compared })}\n`);
  return { html: `${stem}.html`, json: `${stem}.json`, folder };
}

const lineOf = ({ queryId, image, text, noTarget, semantic, refined }: ShownAnswer): QueryLine => ({
  ...{ id: queryId === null ? '' : String(queryId), image, text, noTarget, semantic, refined },
  ...{ answered: true, saidNothing: false, boundaryIou: null, boundaryF: null },
});

/** A photo that is gone, or was replaced by one of another size, leaves a grey ground. */
async function pictureOf(project: Project, { imageId, said, wanted, ignored }: ShownAnswer): Promise<string> {
  const masks = { said: regionOf(said), wanted: regionOf(wanted), ignored: ignored && regionOf(ignored) };
  const record = imageId === null ? undefined : find(project.db, 'image', imageId);
  const photo = record && (await decodeImage(await imageFile(project, record)).catch(() => null));
  const [height, width] = wanted.size;
  return drawAnswer(masks, photo && photo.width === width && photo.height === height ? photo : null);
}

/**
 * The queries that a model can be compared on, as requests of a batch: what it answers is evaluated by their ids. A line
 * says nothing about the true answer. @throws AppError bad-request where there are none, io, cancelled.
 */
export async function saveRequests(folder: string, signal: AbortSignal): Promise<Output<'evaluate.requests'>> {
  const project = await openProject(folder, { readonly: true });
  try {
    const { source, base, release } = await cocoSource(project);
    try {
      const options = { problems: collectProblems(), signal, onProgress: () => undefined };
      const { asked } = await truthOfProject(project.db, source.fileName, options);
      if (asked.size === 0) {
        throw new AppError('bad-request', 'This project has no accepted query yet.', {
          hint: 'Accept the masks of some queries first, or say of them that nothing matches.',
        });
      }
      const pause = createPauses(signal);
      const lines: string[] = [];
      for (const { id, imageKey, fileName, text, width, height } of asked.values()) {
        await pause();
        const record = find(project.db, 'image', Number(imageKey))!;
        const image = base === null ? await imageFile(project, record) : (fileName ?? record.path);
        const line: RequestLine = { id: Number(id), image, query: text, width, height };
        lines.push(`${JSON.stringify(line)}\n`);
      }
      const name = `${plainName(`${basename(folder)} requests`)}.jsonl`;
      await write(exportsFolder(folder), name, lines.join(''));
      return { name, queries: asked.size, folder: exportsFolder(folder), images: base ?? '' };
    } finally {
      release();
    }
  } finally {
    await project.close();
  }
}

async function write(folder: string, name: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeAtomic(join(folder, name), text);
  } catch (cause) {
    throw new AppError('io', `${join(folder, name)} cannot be written: ${(cause as Error).message}`, {
      hint: 'Check that the project folder may be written to and that its disk is not full.',
      cause,
    });
  }
}
