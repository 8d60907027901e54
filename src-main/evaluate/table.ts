/** @file The report as tables for a terminal; all figures in percent. */

import type { CocoReport } from './coco.ts';
import type { Difference } from './compare.ts';
import { maskFigures } from './figures.ts';
import type { Figure, Report } from './report.ts';

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : (100 * value).toFixed(1);

/** Columns of text: the first `left` of them to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[], left = 1): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, k) => Math.max(all[k] ?? 0, cell.length)), []);
  const line = (row: readonly string[]) =>
    row.map((cell, k) => (k < left ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

const shown = ({ value, interval }: Figure): string =>
  interval ? `${percent(value)} [${percent(interval[0])}, ${percent(interval[1])}]` : percent(value);

export function reportTable(report: Report): string {
  const { figures, coco } = report;
  const cell = (name: string) => shown(figures[name] ?? { value: null, interval: null });
  const masks = columns([
    ['', ...maskFigures],
    ...['semantic', 'refined'].map((mask) => [mask, ...maskFigures.map((name) => cell(`${mask}.${name}`))]),
  ]);
  const parts = [`${head(report)}\n\n${masks}`];
  if (coco) {
    parts.push(
      columns([
        ['instances', 'AP', 'AP50', 'F1', 'precision', 'recall'],
        ['IoU .5', ...['AP', 'AP50', 'F1', 'precision', 'recall'].map((name) => cell(`instances.${name}`))],
      ]),
      columns([
        ['', 'AP', 'AP50', 'AP75', 'small', 'medium', 'large', 'AR1', 'AR10', 'AR100'],
        [
          'COCO',
          ...(['AP', 'AP50', 'AP75', 'APsmall', 'APmedium', 'APlarge', 'AR1', 'AR10', 'AR100'] as const).map((name) =>
            percent(coco[name]),
          ),
        ],
      ]),
    );
  }
  if (report.noTarget > 0) {
    const targets = report.queries - report.noTarget;
    parts.push(
      `"nothing matches": recognised ${cell('noTarget.recognised')} of ${report.noTarget}, ` +
        `said by mistake ${cell('noTarget.falseAlarms')} of ${targets}\n`,
    );
  }
  for (const [name, values] of Object.entries(report.parts)) parts.push(partTable(name, values));
  return parts.join('\n');
}

function head({ queries, images, answered, profile, decoderCalls, resamples, problems }: Report): string {
  const calls = decoderCalls ? `, median decoder calls ${decoderCalls.median}` : '';
  const told = problems.total > 0 ? `, ${problems.total} problems` : '';
  const sure = resamples > 0 ? `; [95 % over ${resamples} resampled sets of images]` : '';
  return `${queries} queries on ${images} images, ${answered} answered${told}${calls}; profile ${profile}, percent${sure}`;
}

const mostRows = 15;
const partFigures = ['semantic.gIoU', 'refined.gIoU', 'refined.cIoU', 'refined.bIoU', 'refined.bF1', 'instances.F1'];

function partTable(name: string, values: Report['parts'][string]): string {
  const rows = Object.entries(values).map(([value, { queries, figures }]) => [
    value,
    String(queries),
    ...partFigures.map((figure) => percent(figures[figure])),
    percent(figures['instances.AP50']),
  ]);
  const titles = ['sem. gIoU', 'gIoU', 'cIoU', 'bIoU', 'bF1', 'F1', 'AP50'];
  const rest = rows.length > mostRows ? `(${rows.length - mostRows} more; --out has all)\n` : '';
  return columns([[`by ${name}`, 'queries', ...titles], ...rows.slice(0, mostRows)]) + rest;
}

/** COCO's twelve figures, and the categories, best first. */
export function cocoTable({ summary, AP, AP50, categories, images, detections, resamples }: CocoReport): string {
  const sure = resamples > 0 ? `; [95 % over ${resamples} resampled sets of images]` : '';
  const rows = Object.entries(categories)
    .filter(([, { AP: value }]) => value !== null)
    .sort(([, a], [, b]) => b.AP! - a.AP!)
    .map(([name, each]) => [name, percent(each.AP), percent(each.AP50)]);
  return [
    `${images} images, ${detections} detections; by category as pycocotools, percent${sure}\n`,
    columns([
      ['AP', 'AP50'],
      [shown(AP), shown(AP50)],
    ]),
    columns([Object.keys(summary), Object.values(summary).map(percent)]),
    columns([['category', 'AP', 'AP50'], ...rows]),
  ].join('\n');
}

/** @param other the name of the results that are compared with. */
export function differenceTable(differences: Readonly<Record<string, Difference>>, other: string): string {
  const signed = (value: number) => `${value >= 0 ? '+' : ''}${percent(value)}`;
  const rows = Object.entries(differences).map(([name, { value, other, difference, interval, p }]) => [
    name,
    percent(value),
    percent(other),
    signed(difference),
    interval ? `[${signed(interval[0])}, ${signed(interval[1])}]` : '-',
    p === null ? '-' : p < 0.001 ? '< 0.001' : p.toFixed(3),
  ]);
  return `against ${other}, paired by query\n${columns([['', 'this', 'other', 'difference', '95 %', 'p'], ...rows])}`;
}
