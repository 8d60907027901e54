/** @file Photos as they are sent: small JPEGs in data URLs. Those of the last few images are kept, since several questions are about each. */
import { AppError } from '../contract/errors.ts';
import { decodeImage } from '../engine/image/decode.ts';
import { encodeJpeg } from '../engine/image/encode.ts';

/** As good as a model can see: a third of the bytes of quality 100. */
const quality = 85;

/** @param fileOf the file of an image. @param kept pictures in memory: as many as questions run at once, and one more. */
export function photoReader(
  fileOf: (imageId: number) => Promise<string>,
  kept: number,
): (imageId: number, width: number, height: number) => Promise<string> {
  const pictures = new Map<string, Promise<string>>();
  return (imageId, width, height) => {
    const key = `${imageId} ${width} ${height}`;
    const known = pictures.get(key);
    if (known) return known;
    const picture = read(fileOf, imageId, width, height);
    pictures.set(key, picture);
    picture.catch(() => pictures.delete(key));
    for (const old of [...pictures.keys()].slice(0, Math.max(0, pictures.size - kept))) pictures.delete(old);
    return picture;
  };
}

async function read(fileOf: (imageId: number) => Promise<string>, imageId: number, width: number, height: number) {
  const image = await decodeImage(await fileOf(imageId)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not-found') {
      throw new AppError('io', `The photo of image ${imageId} is not there any more.`, { cause: error });
    }
    throw error;
  });
  const data = await encodeJpeg(image, width, height, quality);
  return `data:image/jpeg;base64,${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
}
