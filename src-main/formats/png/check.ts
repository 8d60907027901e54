/** @file PNG masks read back and compared with the project, pixel by pixel. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { differs, same } from '../export/compare.ts';
import { type Answer, type ExportContext, eachAnswered } from '../export/context.ts';
import { withJson } from '../export/json-cursor.ts';
import { decodePng, type Grey } from './codec.ts';
import { eachPixel } from './pictures.ts';
import { pngIndex, pngName, toPngQuery } from './write.ts';

/** @throws AppError internal at the first difference. */
export async function checkPng(context: ExportContext, folder: string): Promise<void> {
  let queries = 0;
  await withJson(join(folder, pngIndex), context.options.signal, async (json) => {
    await json.value('info');
    await json.begins('queries');
    for await (const answered of eachAnswered(context, 'check')) {
      for (const answer of answered.answers) {
        queries++;
        const name = pngName(answered, answer);
        const { covered = [], ...row } = await json.element('queries', name);
        same(name, row, toPngQuery(answer, answered, context));
        const [mask, numbered] = await Promise.all([
          picture(join(folder, 'masks', `${name}.png`), name, answered.image),
          picture(join(folder, 'instances', `${name}.png`), name, answered.image),
        ]);
        checkPictures(name, mask, numbered, answer, covered as number[]);
      }
    }
    await json.ends();
  });
  same('the counts', context.counts.queries, queries);
}

async function picture(file: string, name: string, size: { width: number; height: number }): Promise<Grey> {
  const found = await decodePng(await readFile(file));
  same(`the size of ${name}`, [found.width, found.height], [size.width, size.height]);
  return found;
}

/** Every pixel of every instance, and no other; what is numbered is its own unless another one hides it there. */
function checkPictures(name: string, mask: Grey, numbered: Grey, { instances }: Answer, covered: readonly number[]) {
  const wanted = new Uint8Array(mask.data.length);
  for (const [k, { runs }] of instances.entries()) {
    let hidden = 0;
    eachPixel(runs, mask, (at) => {
      wanted[at] = 255;
      if (numbered.data[at] === 0) throw differs(`a pixel of ${name} has no number`);
      if (numbered.data[at] !== k + 1) hidden++;
    });
    if (hidden > 0 !== covered.includes(k + 1)) throw differs(`instance ${k + 1} of ${name} is another one`);
  }
  for (let at = 0; at < wanted.length; at++) {
    if (mask.data[at] === wanted[at] && (numbered.data[at] === 0) === (wanted[at] === 0)) continue;
    throw differs(`the mask of ${name} is another one`);
  }
}
