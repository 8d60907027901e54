/**
 * @file Makes project.json beside this file: what the sample project opens with. The queries are those of
 * scene-requests.jsonl (training/novo_train/scenes/sample.py), their masks are what the application answers: with the
 * reasoner that it has, or from the coarse maps of that file where it has none.
 *
 *   node resources/sample/make-project.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scenesSchema } from '../../src-main/api/suggestions.ts';
import { compose } from '../../src-main/compose.ts';
import { parseRequestLine, segmentInputOf } from '../../src-main/contract/batch.ts';
import { unwrap } from '../../src-main/contract/result.ts';

const folder = import.meta.dirname;
const pack = 'mobile-sam';
const read = (name: string) => readFile(join(folder, name), 'utf8');

const scenes = scenesSchema.parse(JSON.parse(await read('scenes.json')));
const lines = (await read('scene-requests.jsonl')).trim().split('\n').map(parseRequestLine);
const app = compose({ provider: 'cpu' });
const { chosen } = unwrap(await app.dispatch('reasoners.list', {}));

type Line = (typeof lines)[number];

async function opened(line: Line) {
  const { form, reasoningType, decided } = line.meta as { form: string; reasoningType: string; decided: string };
  const query = { text: line.query!, form, reasoningType, decided, reasoner: null, answer: null, masks: [] };
  if (decided === 'none') return query;
  const { grid: _, activation: __, ...asked } = line;
  const input = segmentInputOf(chosen === null ? line : asked, join(folder, line.image));
  const {
    instances,
    reasoner = null,
    answer = null,
  } = unwrap(await app.dispatch('segment.query', { ...input, pack }, { trusted: true }));
  if (instances.length === 0) throw new Error(`"${line.query}": no mask was found`);
  console.log(`${line.query}: ${instances.length} masks by ${reasoner ?? 'the map'}: ${answer ?? ''}`);
  const masks = instances.map(({ segmentation, score }) => ({
    rle: segmentation,
    score: Math.round(score * 1000) / 1000,
  }));
  return { ...query, reasoner, answer, masks };
}

const pictures = [];
for (const { file } of scenes) {
  const queries = [];
  for (const line of lines.filter(({ image }) => image === file)) queries.push(await opened(line));
  pictures.push({ file, queries });
}
await writeFile(join(folder, 'project.json'), `${JSON.stringify({ pack, pictures })}\n`);
await app.close();
