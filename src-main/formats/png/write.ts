/**
 * @file PNG masks: for each query masks/NAME.png (255 where its answer is) and instances/NAME.png (1, 2, 3 ... for the
 * instances in the order of the answer, 0 elsewhere; 16 bits from 256 instances on), and queries.json, which says what
 * they are.
 */
import { type Answer, type ExportContext, eachAnswered, type ImageAnswers, loseOfImage } from '../export/context.ts';
import type { FolderWriter } from '../export/folder-writer.ts';
import { writeList } from '../export/json-lists.ts';
import { loseOfInstance, loseOfQuery } from '../export/losses.ts';
import { stemOf } from '../export/photos.ts';
import { encodePng } from './codec.ts';
import { numberedPicture, semanticPicture } from './pictures.ts';

export const pngIndex = 'queries.json';

export async function writePng(context: ExportContext, out: FolderWriter): Promise<void> {
  const { source, counts, losses, fidelity } = context;
  await out.stream(pngIndex, async (append) => {
    await append(`{"info":${JSON.stringify({ description: source.description, version: '1.0' })}`);
    await writeList(append, 'queries', queries());
    await append('}\n');
  });

  async function* queries() {
    const categories = new Set<number>();
    for await (const answered of eachAnswered(context, 'write')) {
      if (!loseOfImage(context, answered)) continue;
      counts.images++;
      const seen = new Set<number>();
      for (const answer of answered.answers) {
        const { image } = answered;
        const size = { width: image.width, height: image.height };
        const name = pngName(answered, answer);
        const { picture, covered } = numberedPicture(answer.instances, size);
        await out.put(`masks/${name}.png`, await encodePng(semanticPicture(answer.instances, size)));
        await out.put(`instances/${name}.png`, await encodePng(picture));
        if (covered.length > 0) losses.add('covered', covered.length);
        fidelity.add(1); // of the answer's mask; the check compares every one
        loseOfQuery(losses, answer, { ranks: true, exhaustive: true, form: true, reasoning: true });
        for (const { instance } of answer.instances) {
          if (!seen.has(instance.id)) loseOfInstance(losses, instance, true);
          seen.add(instance.id);
          categories.add(context.categories.numberOf(instance));
        }
        counts.queries++;
        counts.annotations += answer.instances.length;
        yield { ...toPngQuery(answer, answered, context), ...(covered.length > 0 ? { covered } : {}) };
      }
    }
    counts.categories = categories.size;
  }
}

/** Relative to `masks` and `instances`, without the ending. */
export const pngName = ({ split, fileName }: ImageAnswers, { query }: Answer): string =>
  `${split}/${stemOf(fileName)}_q${query.id}`;

/** `instances[k]` is what the value k + 1 stands for in the numbered picture. */
export function toPngQuery(answer: Answer, answered: ImageAnswers, { categories }: ExportContext) {
  const { query, links, instances } = answer;
  const names = [...categories.list, categories.fallback].map(({ name }) => name);
  return {
    id: query.id,
    mask: `masks/${pngName(answered, answer)}.png`,
    numbered: `instances/${pngName(answered, answer)}.png`,
    image_id: query.imageId,
    file_name: answered.fileName,
    text: query.text,
    form: query.form,
    reasoning_type: query.reasoningType,
    no_target: query.noTarget,
    exhaustive: query.exhaustive,
    instances: instances.map(({ instance }, k) => ({
      id: instance.id,
      category: names[categories.numberOf(instance) - 1],
      rank: links[k]!.rank,
    })),
  };
}
