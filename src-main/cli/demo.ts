/** @file `demo`: the main job without a screen, on the bundled pictures. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readScenes } from '../api/suggestions.ts';
import { type App, compose } from '../compose.ts';
import { type FileRequest, parseRequestLine, segmentInputOf } from '../contract/batch.ts';
import { unwrap } from '../contract/result.ts';
import { writeAtomic } from '../files/atomic.ts';
import { samplePicture } from './doctor.ts';
import { readLines } from './lines.ts';
import { engineOptions, methodOptions, parse } from './options.ts';
import { summary, writeOverlay } from './segment.ts';
import { say, seconds } from './terminal.ts';

/** Answers the sample's queries and leaves a result file and a picture of each. */
export async function demoCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values } = parse({ args, options: { ...methodOptions, out: { type: 'string' } } });
  const out = resolve(values.out ?? 'results/demo');
  await mkdir(out, { recursive: true });
  const app = compose({ ...engineOptions(values), log: say });
  try {
    say('Novo Annotate: reasoning queries to instance masks. A demonstration on the bundled pictures.');
    say('What a language model would look at comes as coarse 24 x 24 maps with the first of them.\n');
    const start = performance.now();
    const { provider } = unwrap(await app.dispatch('engine.load', {}, { signal }));
    say(`Segmenter mobile-sam on ${provider.used}, ready in ${seconds(performance.now() - start)}.`);
    const folder = dirname(samplePicture);
    for await (const { text } of readLines(join(folder, 'requests.jsonl'))) {
      const line = parseRequestLine(text);
      await answer(app, segmentInputOf(line, join(folder, line.image)), join(out, String(line.id)), signal);
    }
    await askModel(app, folder, out, signal);
    say(`\nThe results are in ${out}: a .png to look at and a .json with the masks for each query.`);
    say('Next, on a photo of yours:  npm run -s cli -- segment PHOTO.jpg --point X,Y --overlay mask.png');
    say('All commands:               npm run -s cli -- --help');
    return 0;
  } finally {
    await app.close();
  }
}

/** Leaves NAME.png and NAME.json. */
async function answer(app: App, input: FileRequest, name: string, signal: AbortSignal): Promise<void> {
  const value = unwrap(await app.dispatch('segment.query', input, { signal, trusted: true }));
  await writeOverlay(app, input, value, `${name}.png`, signal);
  await writeAtomic(`${name}.json`, `${JSON.stringify({ id: basename(name), ...value })}\n`);
  say(`"${input.query}": ${summary(value)}`);
}

/** One suggested query on each of the sample's first pictures, where a language model is installed. */
async function askModel(app: App, folder: string, out: string, signal: AbortSignal): Promise<void> {
  const { reasoners, chosen } = unwrap(await app.dispatch('reasoners.list', {}, { signal }));
  const model = reasoners.find(({ id, kind }) => id === chosen && kind === 'llava-seg');
  if (!model) return;
  say(`\nThese are answered by ${model.title}, from the words alone:`);
  const scenes = await readScenes(join(folder, 'scenes.json'));
  for (const { file, suggestions } of (scenes ?? []).slice(0, 3)) {
    const input = { image: { path: join(folder, file) }, query: suggestions[0]!, reasoner: model.id };
    await answer(app, input, join(out, basename(file, '.jpg')), signal);
  }
}
