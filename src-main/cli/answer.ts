/** @file The answer to one request of a file, as a line of results; what goes wrong with it becomes the line's error. */
import type { App } from '../compose.ts';
import { type RequestLine, type ResultLine, segmentInputOf } from '../contract/batch.ts';
import type { ErrorBody } from '../contract/errors.ts';
import type { methodInput } from './options.ts';

/** @param path where the photo of the request lies. @param method what is asked of it besides its evidence. */
export async function answerRequest(
  app: App,
  line: RequestLine,
  path: string,
  method: ReturnType<typeof methodInput>,
  signal: AbortSignal,
): Promise<ResultLine> {
  const { id } = line;
  const input = { ...method, ...segmentInputOf(line, path) };
  const result = await app.dispatch('segment.query', input, { signal, trusted: true });
  if (!result.ok) return { id, error: result.error };
  const { width = result.value.width, height = result.value.height } = line;
  if (width !== result.value.width || height !== result.value.height) {
    return { id, error: otherSize(line.image, [width, height], [result.value.width, result.value.height]) };
  }
  return { id, ...result.value };
}

function otherSize(image: string, said: number[], is: number[]): ErrorBody {
  return {
    code: 'bad-request',
    message: `The request says that ${image} has ${said.join(' x ')} pixels, and upright it has ${is.join(' x ')}.`,
    hint: 'The request was made for another version of the image, or without its EXIF orientation.',
  };
}
