/** @file Options of `dataset select` to the settings of a selection. */
import { AppError } from '../contract/errors.ts';
import { type Quotas, type SelectionSettings, selectionSettingsSchema, smallestShare } from '../contract/selection.ts';
import type { SelectIndex } from '../dataset/select-index.ts';

const text = { type: 'string' } as const;
export const selectOptions = {
  coco: text,
  images: text,
  out: text,
  'per-class': text,
  quota: { type: 'string', multiple: true },
  total: text,
  'min-instances': text,
  'max-instances': text,
  'min-share': text,
  'max-share': text,
  'min-overlap': text,
  'max-overlap': text,
  'min-crowding': text,
  'max-crowding': text,
  'min-others': text,
  'max-others': text,
  class: { type: 'string', multiple: true },
  supercategory: text,
  crowds: { type: 'boolean' },
  seed: text,
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type SelectOptions = {
  readonly [K in keyof typeof selectOptions]?: string | boolean | readonly string[] | undefined;
};

const bad = (message: string) =>
  new AppError('bad-request', message, { hint: 'dataset select --help shows the options.' });

/** @throws AppError bad-request, also for classes that the file does not have. */
export function selectSettings(index: SelectIndex, values: SelectOptions): SelectionSettings {
  const number = (name: keyof SelectOptions, { most = Number.MAX_SAFE_INTEGER, whole = true } = {}) => {
    const given = values[name];
    if (typeof given !== 'string') return undefined;
    const value = given.trim() === '' ? Number.NaN : Number(given);
    const kind = whole
      ? `a whole number from 0${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`
      : 'a number from 0';
    if (value >= 0 && value <= most && (!whole || Number.isInteger(value))) return value;
    throw bad(`--${name} is ${kind}${whole || most > 1 ? '' : ' to 1'}, not "${given}".`);
  };
  const range = (name: 'instances' | 'share' | 'overlap' | 'crowding' | 'others', least?: number) => {
    const kind = {
      whole: name === 'instances' || name === 'others',
      most: name === 'share' || name === 'overlap' ? 1 : 1e9,
    };
    const [min = least, max] = [number(`min-${name}`, kind), number(`max-${name}`, kind)];
    if (min !== undefined && max !== undefined && min > max) throw bad(`--min-${name} is more than --max-${name}.`);
    return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  };
  const total = number('total') ?? null;
  const perClass = number('per-class') ?? (total === null ? 10 : null);
  const { supercategory, crowds } = values;
  if (
    typeof supercategory === 'string' &&
    index &&
    !index.categories.some((one) => one.supercategory === supercategory)
  ) {
    const known = [...new Set(index.categories.map((one) => one.supercategory))].join(', ');
    throw bad(`The file has no supercategory "${supercategory}"; it has ${known}.`);
  }
  return selectionSettingsSchema.parse({
    filter: {
      instances: range('instances', 2),
      share: range('share', smallestShare),
      overlap: range('overlap'),
      crowding: range('crowding'),
      otherClasses: range('others'),
      crowds: crowds === true,
    },
    quotas: quotasOf(index, values, { perClass, total }),
    seed: number('seed', { most: 2 ** 32 - 1 }) ?? 1,
  });
}

/** Classes that were not named want no images; those that were, as many as the others would. */
function quotasOf(index: SelectIndex, values: SelectOptions, { perClass, total }: Pick<Quotas, 'perClass' | 'total'>) {
  const own = Object.fromEntries(list(values.quota).map((text) => quotaOf(index, text)));
  const named = list(values.class).map((name) => categoryOf(index, name));
  const { supercategory } = values;
  if (named.length === 0 && supercategory === undefined) return { perClass, total, own };
  const chosen = index.categories.filter(
    (each, place) =>
      (named.length === 0 || named.includes(place)) &&
      (supercategory === undefined || each.supercategory === supercategory),
  );
  const each = Object.fromEntries(chosen.map(({ name }) => [name, perClass ?? total ?? 0]));
  return { perClass: 0, total, own: { ...each, ...own } };
}

const list = (value: SelectOptions[keyof SelectOptions]): readonly string[] => (Array.isArray(value) ? value : []);

function categoryOf(index: SelectIndex, name: string): number {
  const place = index.categories.findIndex((category) => category.name === name);
  if (place >= 0) return place;
  throw bad(`The file has no class "${name}"; it has ${index.categories.map((one) => one.name).join(', ')}.`);
}

function quotaOf(index: SelectIndex, text: string): [name: string, images: number] {
  const [, name = '', images = ''] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
  if (name === '') throw bad(`--quota is NAME=N, such as dog=20, not "${text}".`);
  categoryOf(index, name);
  return [name, Number(images)];
}
