/** @file Options of `dataset generate` to the settings of a job. */
import { AppError } from '../contract/errors.ts';
import { type GenerationSettings, generationSettingsSchema, type Prices } from '../contract/generate.ts';
import { issueLines } from '../contract/issues.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
export const generateOptions = {
  endpoint: text,
  templates: text,
  'per-image': text,
  images: text,
  classes: text,
  'min-instances': text,
  'max-side': text,
  temperature: text,
  seed: text,
  parallel: text,
  'price-in': text,
  'price-out': text,
  'max-cost': text,
  captions: text,
  queries: text,
  resume: flag,
  'retry-failed': flag,
  fresh: flag,
  'dry-run': flag,
  keep: flag,
  json: flag,
  help: { type: 'boolean', short: 'h' },
} as const;

export type GenerateValues = { readonly [K in keyof typeof generateOptions]?: string | boolean | undefined };

const bad = (message: string) =>
  new AppError('bad-request', message, { hint: 'dataset generate --help shows the options.' });

export function numberOption(values: GenerateValues, name: keyof GenerateValues): number | undefined {
  const given = values[name];
  if (typeof given !== 'string') return undefined;
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isFinite(value)) return value;
  throw bad(`--${name} is a number, not "${given}".`);
}

/** Both prices, or null where none is given. @throws AppError bad-request for one alone. */
export function priceOptions(values: GenerateValues): Prices | null {
  const [input, output] = [numberOption(values, 'price-in'), numberOption(values, 'price-out')];
  if (input === undefined && output === undefined) return null;
  if (input === undefined || output === undefined) throw bad('--price-in and --price-out go together.');
  return { input, output };
}

/** @param prices those that are kept for the model. @throws AppError bad-request. */
export function settingsOf(values: GenerateValues, endpoint: string, prices: Prices | null): GenerationSettings {
  const { templates = 'attribute,spatial,context', images, classes } = values;
  const given = {
    endpoint,
    templates: String(templates)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    images,
    classes,
    perImage: numberOption(values, 'per-image'),
    minInstances: numberOption(values, 'min-instances'),
    maxSide: numberOption(values, 'max-side'),
    temperature: numberOption(values, 'temperature'),
    seed: numberOption(values, 'seed'),
    parallel: numberOption(values, 'parallel'),
    maxCost: numberOption(values, 'max-cost'),
    prices: priceOptions(values) ?? prices,
  };
  const parsed = generationSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw bad(`The options do not fit: ${issueLines(parsed.error).join('; ')}.`);
}
