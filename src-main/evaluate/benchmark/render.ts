/** @file The benchmark's tables as text for a terminal and as Markdown; figures in percent. */
import { columns } from '../table.ts';
import type { RowDifference } from './differences.ts';
import type { RowFigure } from './figures.ts';
import type { Table } from './tables.ts';

const percent = (share: number) => (100 * share).toFixed(1);
const signed = (share: number) => `${share >= 0 ? '+' : ''}${percent(share)}`;

/** "66.3 \u00b1 0.4 [63.1, 69.2]": mean over packs, their standard deviation, and the interval, where there are such. */
export function shownFigure(cell: RowFigure | string | null): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  const { value, interval, sd } = cell;
  if (value === null) return '-';
  const spread = sd === null ? '' : ` \u00b1 ${percent(sd)}`;
  const range = interval ? ` [${interval.map(percent).join(', ')}]` : '';
  return `${percent(value)}${spread}${range}`;
}

export function tableText({ title, notes, head, groups, rows }: Table): string {
  const titles = [
    ...head.map(() => ''),
    ...groups.flatMap(({ title: own, columns: all }) => all.map((_, k) => (k === 0 ? own : ''))),
  ];
  const lines = [
    ...(titles.some(Boolean) ? [titles] : []),
    [...head, ...groups.flatMap(({ columns: all }) => all)],
    ...rows.map(({ labels, cells }) => [...labels, ...cells.map(shownFigure)]),
  ];
  return [title, ...notes, columns(lines, head.length)].join('\n');
}

export function tableMarkdown({ title, notes, head, groups, rows }: Table): string {
  const titles = groups.flatMap(({ title: own, columns: all }) => all.map((each) => (own ? `${own}: ${each}` : each)));
  const body = rows.map(({ labels, cells }) => [...labels, ...cells.map(shownFigure)]);
  return [
    `**${title}**`,
    markdownTable([...head, ...titles], head.length, body),
    ...notes.map((note) => `${note}  `),
  ].join('\n\n');
}

export function differencesText(differences: readonly RowDifference[]): string {
  return columns(differenceRows(differences), 2);
}

export function differencesMarkdown(differences: readonly RowDifference[]): string {
  const [head = [], ...rows] = differenceRows(differences);
  return markdownTable(head, 2, rows);
}

/** A line a pair and figure would be long: a line a pair, and only the figures that there are. */
function differenceRows(differences: readonly RowDifference[]): string[][] {
  const names = [...new Set(differences.flatMap(({ figures }) => Object.keys(figures) as (keyof typeof figures)[]))];
  const rows = differences.map(({ data, row, against, figures }) => [
    `${row} \u2212 ${against}`,
    data,
    ...names.map((name) => {
      const found = figures[name];
      if (!found) return '-';
      const { difference, interval } = found;
      return `${signed(difference)}${interval ? ` [${interval.map(signed).join(', ')}]` : ''}`;
    }),
  ]);
  return [['Difference', 'Data', ...names], ...rows];
}

/** @param left columns that stand at the left; the others are figures. */
function markdownTable(head: readonly string[], left: number, rows: readonly (readonly string[])[]): string {
  const plain = (text: string) => text.replaceAll('|', '\\|');
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k < left ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
