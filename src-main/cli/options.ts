/** @file Command-line options to values, with errors that name the option. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AppError } from '../contract/errors.ts';
import { type ProviderChoice, providerChoiceSchema } from '../contract/provider.ts';
import {
  type Box,
  boxSchema,
  type Point,
  type ProfileName,
  type PromptMode,
  pointSchema,
  profileNames,
  promptModes,
} from '../contract/segmentation.ts';
import { type IouProfile, iouProfiles } from '../metrics/giou-ciou.ts';

const bad = (message: string) =>
  new AppError('bad-request', message, { hint: 'Run the command with --help to see its options.' });

/** parseArgs with its errors as AppErrors. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    throw bad(error instanceof Error ? error.message.split('\n')[0]! : String(error));
  }
}

/** Options of every command that segments. */
export const methodOptions = {
  pack: { type: 'string' },
  reasoner: { type: 'string' },
  profile: { type: 'string' },
  prompts: { type: 'string' },
  'no-refine': { type: 'boolean' },
  provider: { type: 'string' },
  threads: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type MethodValues = { readonly [K in keyof typeof methodOptions]?: string | boolean | undefined };

export function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  if ((known as readonly string[]).includes(value)) return value as T;
  throw bad(`--${name} is one of ${known.join(', ')}, not "${value}".`);
}

/** What the method options say of a segment.query call; absent options are left to the contract's defaults. */
export function methodInput(values: MethodValues) {
  const { pack, reasoner, profile, prompts } = values;
  const input: { pack?: string; reasoner?: string; profile?: ProfileName; prompts?: PromptMode; refine?: boolean } = {};
  if (typeof pack === 'string') input.pack = pack;
  if (typeof reasoner === 'string') input.reasoner = reasoner;
  if (typeof profile === 'string') input.profile = oneOf('profile', profile, profileNames);
  if (typeof prompts === 'string') input.prompts = oneOf('prompts', prompts, promptModes);
  if (values['no-refine']) input.refine = false;
  return input;
}

/** Provider and threads; `NOVO_PROVIDER` and `NOVO_THREADS` where the options are absent. */
export function engineOptions(values: MethodValues): { provider: ProviderChoice; threads?: number } {
  const provider = String(values.provider ?? (process.env['NOVO_PROVIDER'] || 'auto'));
  const threads = values.threads ?? (process.env['NOVO_THREADS'] || undefined);
  if (threads !== undefined && !/^[1-9]\d{0,2}$/.test(String(threads)))
    throw bad(`--threads is a number from 1 to 999, not "${threads}".`);
  return {
    provider: oneOf('provider', provider, providerChoiceSchema.options),
    ...(threads === undefined ? {} : { threads: Number(threads) }),
  };
}

/** `a,b`: some of the known ones, in their order; all of them where the option is absent. */
export function listOption<T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
): readonly T[] {
  if (text === undefined) return known;
  const chosen = text.split(',').map((each) => oneOf(name, each.trim(), known));
  return known.filter((each) => chosen.includes(each));
}

/** `--metrics`: how ignored pixels and empty answers count. */
export const iouProfileOption = (text = 'lisa'): IouProfile => oneOf('metrics', text, iouProfiles);

/** A whole number from 0 on. */
export function countOption<T>(name: string, text: string | undefined, otherwise: T): number | T {
  if (text === undefined) return otherwise;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw bad(`--${name} is a whole number from 0 to 999999, not "${text}".`);
}

function numbers(name: string, text: string, form: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.some(Number.isNaN)) throw bad(`--${name} is ${form}, not "${text}".`);
  return values;
}

/** `x,y` (positive) or `x,y,label` with label 1 or 0. */
export function pointOption(text: string): Point {
  const [x, y, label = 1, ...rest] = numbers('point', text, 'x,y or x,y,label in pixels');
  const parsed = pointSchema.safeParse([x, y, label]);
  if (!parsed.success || rest.length > 0)
    throw bad(`--point is x,y or x,y,label with label 1 (on it) or 0 (off it), not "${text}".`);
  return parsed.data;
}

/** `x1,y1,x2,y2`. */
export function boxOption(text: string): Box {
  const parsed = boxSchema.safeParse(numbers('box', text, 'x1,y1,x2,y2 in pixels'));
  if (!parsed.success) throw bad(`--box is x1,y1,x2,y2 with x1 < x2 and y1 < y2, not "${text}".`);
  return parsed.data;
}
