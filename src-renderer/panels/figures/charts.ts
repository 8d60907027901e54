/** @file Figures as charts: rows with a name and a number each, which are drawn, shown as a table, and copied. */
import type { Counts, Distribution, Figures } from '../../../src-main/contract/figures.ts';

export type Row = { readonly label: string; readonly value: number };

export type Chart = {
  readonly id: string;
  readonly title: string;
  /** What one bar counts. */
  readonly unit: string;
  /** `bins` have an order and stand; `counts` are names and lie. */
  readonly kind: 'bins' | 'counts';
  readonly rows: readonly Row[];
  /** Mean, median, ends; none for counts. */
  readonly summary: readonly (readonly [name: string, value: string])[];
};

/** Three digits that count, and all before the point. */
const short = (value: number): string =>
  value.toLocaleString('en', value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });

/** @param factor of the numbers: 100 for parts that are shown in per cent. @param whole there are no fractions. */
function ofDistribution(
  id: string,
  title: string,
  unit: string,
  { bins, count, mean, median, min, max }: Distribution,
  { factor = 1, suffix = '', whole = false } = {},
): Chart {
  const say = (value: number) => short(value * factor) + suffix;
  const label = ({ from, to }: Distribution['bins'][number]) => {
    if (to === null) return `${short(from * factor)}+`;
    if (whole) return to === from + 1 ? short(from) : `${short(from)}-${short(to - 1)}`;
    return `${short(from * factor)}-${short(to * factor)}`;
  };
  const summary: Chart['summary'] =
    count === 0 || mean === null
      ? []
      : [
          ['mean', say(mean)],
          ['median', say(median ?? mean)],
          ['least', say(min ?? mean)],
          ['most', say(max ?? mean)],
        ];
  return { id, title, unit, kind: 'bins', rows: bins.map((bin) => ({ label: label(bin), value: bin.count })), summary };
}

const ofCounts = (id: string, title: string, unit: string, counts: Counts): Chart => ({
  ...{ id, title, unit, kind: 'counts', summary: [] },
  rows: counts.map(({ label, count }) => ({ label, value: count })),
});

/** What is in the dataset; the first ones are the paper's Figure 4. */
export function contentCharts({ content }: Figures): Chart[] {
  const classes = content.classes.map(({ name, instances }) => ({ label: name, count: instances }));
  return [
    ofDistribution('instances-per-image', 'Instances per image', 'images', content.instancesPerImage, { whole: true }),
    ofCounts('supercategories', 'Instances by supercategory', 'instances', content.supercategories),
    ofCounts('classes', 'Instances by class', 'instances', classes),
    ofDistribution('instances-per-query', 'Instances per query', 'queries', content.instancesPerQuery, { whole: true }),
    ofDistribution('queries-per-image', 'Queries per image', 'images', content.queriesPerImage, { whole: true }),
    ofCounts('reasoning', 'Kind of reasoning', 'queries', content.reasoningTypes),
    ofDistribution('words', 'Words per query', 'queries', content.words, { whole: true }),
    ofDistribution('characters', 'Characters per query', 'queries', content.characters, { whole: true }),
    ofCounts('forms', 'Short and long', 'queries', content.forms),
    ofCounts('sources', 'Written by', 'queries', content.sources),
    ofCounts('validation', 'Validation', 'queries', content.validation),
    ofCounts('mask-sizes', 'Size of masks (COCO)', 'instances', content.maskSizes),
    ofDistribution('mask-share', 'Mask, % of its image', 'instances', content.maskShare, { factor: 100, suffix: ' %' }),
  ];
}

/** What the work has cost. */
export const workCharts = ({ work }: Figures): Chart[] => [
  ofDistribution('seconds', 'Seconds per mask', 'masks', work.secondsPerInstance, { suffix: ' s' }),
  ofDistribution('clicks', 'Clicks per mask', 'masks', work.clicksPerInstance),
];

/** Names of models, as people know them. */
export const modelName = ({ pack, reasoner }: Figures['work']['models'][number]): string =>
  reasoner === null ? pack : `${reasoner} + ${pack}`;

/** All charts and tables in one table for a spreadsheet: figure, name, value, unit. */
export function figuresCsv(figures: Figures): string {
  const rows: (readonly (string | number | null)[])[] = [['figure', 'name', 'value', 'unit']];
  const { images, queries, instances, answers, noTarget, ranked, unasked } = figures.content;
  for (const [name, value] of Object.entries({ images, queries, instances, answers, noTarget, ranked, unasked })) {
    rows.push(['totals', name, value, '']);
  }
  for (const { title, unit, rows: bars, summary } of [...contentCharts(figures), ...workCharts(figures)]) {
    for (const { label, value } of bars) rows.push([title, label, value, unit]);
    for (const [name, value] of summary) rows.push([title, name, value, '']);
  }
  for (const model of figures.work.models) {
    const { pack: _, reasoner: __, ...counts } = model;
    for (const [name, value] of Object.entries(counts))
      rows.push([`Proposals of ${modelName(model)}`, name, value, '']);
  }
  for (const { who, ...rest } of figures.work.people) {
    for (const [name, value] of Object.entries(rest)) rows.push([`Work of ${who}`, name, value, '']);
  }
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** RFC 4180. What a spreadsheet would take for a formula is led by an apostrophe: texts come from files of others. */
function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
