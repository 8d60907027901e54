/** @file COCO's captions file: `images` and `annotations` with a `caption` each. Reads on over what it does not know. */
import { z } from 'zod';
import { jsonElements } from '../json-elements.ts';

const key = z.union([z.int(), z.string()]).transform(String);
const imageSchema = z.object({ id: key, file_name: z.string().min(1) });
const captionSchema = z.object({ image_id: key, caption: z.string() });

/** More captions of one image than any data set has would only make prompts longer. */
const mostOfImage = 5;

/** Captions by `file_name`, in the order of the file. @throws AppError bad-request for what is no such file. */
export async function readCaptions(file: string, signal?: AbortSignal): Promise<Map<string, string[]>> {
  const names = new Map<string, string>();
  const texts = new Map<string, string[]>();
  for await (const event of jsonElements(file, signal)) {
    if (event.kind !== 'element') continue;
    if (event.key === 'images') {
      const image = imageSchema.safeParse(event.value);
      if (image.success) names.set(image.data.id, image.data.file_name);
    } else if (event.key === 'annotations') {
      const caption = captionSchema.safeParse(event.value);
      const text = caption.success ? caption.data.caption.replaceAll(/\s+/g, ' ').trim().slice(0, 2000) : '';
      if (text === '') continue;
      const list = texts.get(caption.data!.image_id);
      if (!list) texts.set(caption.data!.image_id, [text]);
      else if (list.length < mostOfImage) list.push(text);
    }
  }
  const captions = new Map<string, string[]>();
  for (const [id, list] of texts) {
    const name = names.get(id);
    if (name !== undefined) captions.set(name, list);
  }
  return captions;
}
