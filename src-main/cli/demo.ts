/** @file `npm start` until there is a screen: the main job once, on the bundled picture. */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { compose } from '../compose.ts';
import { parseRequestLine, segmentInputOf } from '../contract/batch.ts';
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
    say('Novo Annotate: reasoning queries to instance masks. A demonstration on the bundled picture.');
    say('No language model is bundled yet: what one would look at comes as coarse 24 x 24 maps with the picture.\n');
    const start = performance.now();
    const { provider } = unwrap(await app.dispatch('engine.load', {}, { signal }));
    say(`Segmenter mobile-sam on ${provider.used}, ready in ${seconds(performance.now() - start)}.`);
    const folder = dirname(samplePicture);
    for await (const { text } of readLines(join(folder, 'requests.jsonl'))) {
      const line = parseRequestLine(text);
      const input = segmentInputOf(line, join(folder, line.image));
      const value = unwrap(await app.dispatch('segment.query', input, { signal, trusted: true }));
      await writeOverlay(app, input, value, join(out, `${line.id}.png`), signal);
      await writeAtomic(join(out, `${line.id}.json`), `${JSON.stringify({ id: line.id, ...value })}\n`);
      say(`"${line.query}": ${summary(value)}`);
    }
    say(`\nThe results are in ${out}: a .png to look at and a .json with the masks for each query.`);
    say('Next, on a photo of yours:  npm run -s cli -- segment PHOTO.jpg --point X,Y --overlay mask.png');
    say('All commands:               npm run -s cli -- --help');
    return 0;
  } finally {
    await app.close();
  }
}
