/** @file `segment IMAGE`: one query on one picture. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../compose.ts';
import { compose } from '../compose.ts';
import type { Output } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { unwrap } from '../contract/result.ts';
import { type Activation, activationSchema } from '../contract/segmentation.ts';
import { writeAtomic } from '../files/atomic.ts';
import { boxOption, engineOptions, methodInput, methodOptions, parse, pointOption } from './options.ts';
import { say, seconds, stepWriter } from './terminal.ts';

export const segmentHelp = `segment IMAGE --query TEXT [options]
  --query TEXT         what to find; answered by --reasoner
  --reasoner ID        a llava-seg pack (docs/packs.md) or an endpoint (docs/endpoints.md); default: the one that
                       "models list" marks
  --activation FILE    a similarity map instead: JSON { "grid": [rows, columns], "activation": [...] }
  --point X,Y[,LABEL]  a point in pixels, label 1 on the object (default) or 0 off it; repeatable
  --box X1,Y1,X2,Y2    a box in pixels; repeatable
  --pack ID            segmenter (default mobile-sam)
  --profile P          default | paper
  --prompts P          both | mask | points
  --no-refine          stop after the semantic mask
  --out FILE.json      where the result goes (default: stdout)
  --overlay FILE.png   a picture of the result (.png or .jpg)
  --provider P         auto | cpu | webgpu | cuda | dml | coreml
  --threads N          threads of a model run`;

const options = {
  ...methodOptions,
  query: { type: 'string' },
  activation: { type: 'string' },
  point: { type: 'string', multiple: true },
  box: { type: 'string', multiple: true },
  out: { type: 'string' },
  overlay: { type: 'string' },
} as const;

export async function segmentCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${segmentHelp}\n`);
    return 0;
  }
  const [image, ...extra] = positionals;
  if (!image || extra.length > 0) {
    throw new AppError('bad-request', image ? `One image at a time: "${extra[0]}" is too much.` : 'Which image?', {
      hint: 'segment IMAGE --query TEXT; several images go through "batch".',
    });
  }
  const input = {
    ...methodInput(values),
    image: { path: resolve(image) },
    ...(values.query === undefined ? {} : { query: values.query }),
    ...(values.activation === undefined ? {} : { activation: await readActivation(values.activation) }),
    ...(values.point ? { points: values.point.map(pointOption) } : {}),
    ...(values.box ? { boxes: values.box.map(boxOption) } : {}),
  };
  if (values.out && resolve(values.out) === input.image.path) {
    throw new AppError('bad-request', `--out would take the place of the photo itself, ${image}.`);
  }
  const app = compose({ ...engineOptions(values), log: say });
  try {
    const steps = stepWriter();
    const asked = app.dispatch('segment.query', input, { signal, trusted: true, onProgress: steps.write });
    const value = unwrap(await asked.finally(steps.end));
    if (values.overlay) await writeOverlay(app, input, value, resolve(values.overlay), signal);
    const text = `${JSON.stringify(value)}\n`;
    if (values.out) await writeResult(values.out, text);
    else process.stdout.write(text);
    say(summary(value));
    return 0;
  } finally {
    await app.close();
  }
}

async function writeResult(file: string, text: string): Promise<void> {
  await writeAtomic(file, text).catch((cause: Error) => {
    throw new AppError('io', `${file} cannot be written: ${cause.message}`, {
      hint: 'Check that the folder may be written to and has space left.',
      cause,
    });
  });
}

type Query = { readonly image: { readonly path: string }; readonly query?: string | undefined };

/** The picture of a result: its instances, or its semantic mask where it has none. */
export async function writeOverlay(
  app: App,
  input: Query,
  value: Output<'segment.query'>,
  file: string,
  signal: AbortSignal,
) {
  const { instances, answer } = value;
  const written = await app.dispatch(
    'overlay.write',
    {
      image: input.image,
      instances,
      file,
      ...(input.query === undefined ? {} : { query: input.query }),
      ...(answer === undefined ? {} : { answer }),
    },
    { signal, trusted: true },
  );
  unwrap(written);
}

/** "4 instances by novo-mini in 3.2 s (encoder 1.7 s, 14 decoder calls)". */
export function summary({ instances, reasoner, timing }: Output<'segment.query'>): string {
  const by = reasoner === undefined ? '' : ` by ${reasoner}`;
  const count = instances.length === 1 ? '1 instance' : `${instances.length} instances`;
  const encoder = timing.encode_ms > 0 ? `encoder ${seconds(timing.encode_ms)}` : 'image known';
  return `${count}${by} in ${seconds(timing.total_ms)} (${encoder}, ${timing.decoder_calls} decoder call${timing.decoder_calls === 1 ? '' : 's'})`;
}

async function readActivation(file: string): Promise<Activation> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new AppError('bad-request', `${file} could not be read as JSON: ${(cause as Error).message}`, { cause });
  }
  const { grid, activation, values } = (value ?? {}) as Record<string, unknown>;
  const parsed = activationSchema.safeParse({ grid, values: activation ?? values });
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', `${file} holds no similarity map: ${parsed.error.issues[0]!.message}.`, {
    hint: '{ "grid": [rows, columns], "activation": [rows x columns numbers, row by row] }',
  });
}
