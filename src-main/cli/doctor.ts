/** @file `doctor`: what works here, what does not, and what to do about it. */
import { access, constants, mkdir } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type App, compose } from '../compose.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { dataFolder } from '../engine/packs/folders.ts';
import { engineOptions, methodOptions, parse } from './options.ts';
import { megabytes, say, seconds } from './terminal.ts';

/** The bundled picture. */
export const samplePicture = fileURLToPath(new URL('../../resources/sample/scene.jpg', import.meta.url));

export const doctorHelp = `doctor [--provider P] [--threads N]   checks Node, disk, models, provider and endpoints`;

const line = (mark: string, text: string) => process.stdout.write(`${mark.padEnd(5)} ${text}\n`);
const why = ({ message, hint }: ErrorBody) => (hint ? `${message} ${hint}` : message);

export async function doctorCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values } = parse({ args, options: methodOptions });
  if (values.help) {
    process.stdout.write(`${doctorHelp}\n`);
    return 0;
  }
  line(
    'ok',
    `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores, ${megabytes(totalmem())} memory`,
  );
  const app = compose({ ...engineOptions(values), log: (text) => say(text) });
  try {
    const checks = [await checkFolder(), await checkPacks(app, signal), await checkEngine(app, signal)];
    return checks.every(Boolean) ? 0 : 1;
  } finally {
    await app.close();
  }
}

async function checkFolder(): Promise<boolean> {
  const folder = dataFolder();
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    line('ok', `data folder ${folder}`);
    return true;
  } catch (error) {
    line(
      'FAIL',
      `the data folder ${folder} cannot be written: ${(error as Error).message} Set NOVO_HOME to another folder.`,
    );
    return false;
  }
}

async function checkPacks(app: App, signal: AbortSignal): Promise<boolean> {
  const listed = await app.dispatch('models.list', {}, { signal });
  if (!listed.ok) {
    line('FAIL', why(listed.error));
    return false;
  }
  let healthy = listed.value.broken.length === 0;
  for (const { folder, message } of listed.value.broken) line('FAIL', `${folder}: ${message}`);
  for (const { id, kind } of listed.value.packs) {
    if (kind === 'endpoint') healthy = (await checkEndpoint(app, id, signal)) && healthy;
    else {
      const verified = await app.dispatch('models.verify', { id }, { signal });
      line(
        verified.ok ? 'ok' : 'FAIL',
        verified.ok ? `pack ${id} (${kind}, ${megabytes(verified.value.bytes)}) is intact` : why(verified.error),
      );
      healthy = verified.ok && healthy;
    }
  }
  return (await checkQueries(app, signal)) && healthy;
}

/** Who answers queries in words. */
async function checkQueries(app: App, signal: AbortSignal): Promise<boolean> {
  const listed = await app.dispatch('reasoners.list', {}, { signal });
  if (!listed.ok) {
    line('FAIL', why(listed.error));
    return false;
  }
  const { reasoners, chosen } = listed.value;
  const answers = reasoners.find(({ id }) => id === chosen);
  if (answers)
    line('ok', `queries in words go to ${answers.id}${answers.domain ? `. It knows: ${answers.domain}` : ''}`);
  else line('note', 'queries in words cannot be answered yet, points and boxes can');
  if (!reasoners.some(({ kind }) => kind === 'endpoint'))
    line('note', 'no endpoint is set up: docs/endpoints.md says how to use a larger model');
  return true;
}

async function checkEndpoint(app: App, id: string, signal: AbortSignal): Promise<boolean> {
  const tested = await app.dispatch('endpoint.test', { endpoint: id }, { signal });
  if (tested.ok)
    line(
      'ok',
      `endpoint ${id}: ${tested.value.model} answered "${tested.value.answer.slice(0, 60)}" in ${seconds(tested.value.ms)}`,
    );
  else line('FAIL', `endpoint ${id}: ${why(tested.error)}`);
  return tested.ok;
}

/** The provider really in use, the reasons against faster ones, and a first mask of the bundled picture. */
async function checkEngine(app: App, signal: AbortSignal): Promise<boolean> {
  const loaded = await app.dispatch('engine.load', {}, { signal });
  if (!loaded.ok) {
    line('FAIL', why(loaded.error));
    return false;
  }
  const { provider, batchSize } = loaded.value;
  for (const { provider: name, reason } of provider.refused) line('note', `${name} is not used: ${reason}`);
  line('ok', `models run on ${provider.used}, ${batchSize} prompt${batchSize > 1 ? 's' : ''} a run`);
  const click = { image: { path: samplePicture }, points: [[330, 580, 1] as [number, number, 1]] };
  for (const what of ['first click on a picture', 'next click']) {
    const answered = await app.dispatch('segment.click', click, { signal, trusted: true });
    if (!answered.ok) {
      line('FAIL', why(answered.error));
      return false;
    }
    line('ok', `${what}: ${seconds(answered.value.timing.total_ms)}`);
  }
  return true;
}
