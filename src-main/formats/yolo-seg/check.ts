/** @file YOLO labels read back, line by line, and compared with the project: classes, and masks as near as was measured. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { differs, same } from '../export/compare.ts';
import { type ExportContext, eachAnswered } from '../export/context.ts';
import { samePhoto } from '../export/photos.ts';
import { yoloNames } from './file-names.ts';
import { namesOfYaml } from './names.ts';
import { byCoco, iouOfRuns, parseYoloLine } from './read-label.ts';
import { yoloCategories } from './write.ts';

/** @throws AppError internal at the first difference, or where a mask is farther off than the report will say. */
export async function checkYolo(context: ExportContext, folder: string): Promise<void> {
  const { categories, counts, fidelity } = context;
  const { worst } = fidelity.report();
  const nameOf = yoloNames();
  const names = namesOfYaml(await readFile(join(folder, 'data.yaml'), 'utf8'));
  let annotations = 0;
  let withoutCategory = false;
  for await (const answered of eachAnswered(context, 'check')) {
    const { image, fileName, instances } = answered;
    const name = nameOf(answered);
    const text = await readFile(join(folder, 'labels', `${name}.txt`), 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    same(`the lines of ${name}`, lines.length, instances.length);
    for (const [k, { instance, runs }] of instances.entries()) {
      const line = parseYoloLine(lines[k]!, image.width, image.height);
      if (!line) throw differs(`line ${k + 1} of ${name} is no polygon`);
      same(`the class of line ${k + 1} of ${name}`, line.category, categories.numberOf(instance) - 1);
      if (iouOfRuns(byCoco(line, image.width, image.height), runs) < worst) {
        throw differs(`the mask of line ${k + 1} of ${name} is another one`);
      }
      withoutCategory ||= instance.categoryId === null;
    }
    annotations += instances.length;
    await samePhoto(folder, `images/${name}${extname(fileName).toLowerCase()}`, image);
  }
  const wanted = yoloCategories(context, withoutCategory).map(({ name }) => name);
  same('the number of classes', names.size, wanted.length);
  same('the counts', counts.annotations, annotations);
}
