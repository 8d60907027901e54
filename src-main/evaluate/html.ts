/** @file The report as one HTML file that needs nothing else: no script, no network. */
import type { Difference } from './compare.ts';
import { maskFigures } from './figures.ts';
import { escapeHtml, histogram, lineChart } from './html-charts.ts';
import type { Figure, QueryLine, Report } from './report.ts';

/** A query that the page shows, with its picture as a `data:` address; null where the photo could not be read. */
export type Shown = { readonly line: QueryLine; readonly picture: string | null };

export type HtmlParts = {
  readonly worst: readonly Shown[];
  readonly best: readonly Shown[];
  readonly against: { readonly name: string; readonly differences: Readonly<Record<string, Difference>> } | null;
};

/** The queries with the lowest and the highest values, `count` of each; no query is in both. */
export function extremes(report: Report, count: number): { worst: QueryLine[]; best: QueryLine[] } {
  const sorted = report.perQuery
    .filter(({ refined, answered }) => refined !== null && answered)
    .toSorted((a, b) => a.refined! - b.refined!);
  const worst = sorted.slice(0, Math.min(count, Math.ceil(sorted.length / 2)));
  return { worst, best: sorted.slice(Math.max(worst.length, sorted.length - count)).reverse() };
}

const percent = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : (100 * value).toFixed(1);

const shownFigure = (figure: Figure | undefined): string => {
  const interval = figure?.interval;
  const sure = interval ? ` <small>${percent(interval[0])} to ${percent(interval[1])}</small>` : '';
  return `${percent(figure?.value)}${sure}`;
};

/** @param head texts, escaped here. @param rows HTML, escaped by the caller. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = head.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('');
  const body = rows.map(([first, ...rest]) => {
    return `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${titles}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

export function htmlReport(report: Report, { worst, best, against }: HtmlParts): string {
  const { groundTruth, results, queries, images, answered, profile, resamples, seed, figures } = report;
  const sections = [
    `<h1>Evaluation</h1><p>${escapeHtml(results)}<br>against ${escapeHtml(groundTruth)}</p>`,
    `<p>${queries} queries on ${images} images, ${answered} answered. Figures in percent, profile ${profile}` +
      `${resamples > 0 ? `; small: 95 % of ${resamples} resampled sets of images (seed ${seed})` : ''}.</p>`,
    problemList(report),
    table(
      ['mask', ...maskFigures],
      ['semantic', 'refined'].map((mask) => [
        mask,
        ...maskFigures.map((name) => shownFigure(figures[`${mask}.${name}`])),
      ]),
    ),
    instanceTables(report),
    noTargetText(report),
    `<div class="charts">${charts(report)}</div>`,
    against ? differences(against) : '',
    ...Object.entries(report.parts).map(([name, values]) => partTable(name, values)),
    gallery('Worst', worst),
    gallery('Best', best),
  ];
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Evaluation: ${escapeHtml(results)}</title><style>${style}</style></head>` +
    `<body><main>${sections.join('\n')}</main></body></html>\n`
  );
}

function problemList({ problems, leftOut }: Report): string {
  const left = leftOut.map((text) => `<li>Not evaluated: ${escapeHtml(text)}</li>`);
  const told = problems.first.map(({ message }) => `<li>${escapeHtml(message)}</li>`);
  if (left.length + told.length === 0) return '';
  const more = problems.total > told.length ? `<li>and ${problems.total - told.length} more</li>` : '';
  return `<details><summary>${problems.total} problems</summary><ul>${left.join('')}${told.join('')}${more}</ul></details>`;
}

const twelve = ['AP', 'AP50', 'AP75', 'APsmall', 'APmedium', 'APlarge', 'AR1', 'AR10', 'AR100'] as const;

function instanceTables({ coco, figures }: Report): string {
  if (!coco) return '';
  const names = ['AP', 'AP50', 'F1', 'precision', 'recall'];
  return (
    table(['instances', ...names], [['at IoU .5', ...names.map((name) => shownFigure(figures[`instances.${name}`]))]]) +
    table(['as COCO', ...twelve], [['one class', ...twelve.map((name) => percent(coco[name]))]])
  );
}

function noTargetText({ noTarget, queries, figures }: Report): string {
  if (noTarget === 0) return '';
  const of = (name: string) => shownFigure(figures[`noTarget.${name}`]);
  return (
    `<p>“Nothing matches”: recognised in ${of('recognised')} of ${noTarget} queries, ` +
    `said by mistake in ${of('falseAlarms')} of the other ${queries - noTarget}.</p>`
  );
}

function charts({ curves, perQuery }: Report): string {
  const values = (mask: 'semantic' | 'refined') => perQuery.flatMap((line) => line[mask] ?? []);
  const sets = (['semantic', 'refined'] as const)
    .map((name) => ({ name, values: values(name) }))
    .filter((set) => set.values.length > 0);
  const points = (precision: readonly number[]) => precision.map((value, k) => [k / 100, value] as const);
  const lines = curves && [
    { name: 'IoU .5', points: points(curves.iou50) },
    { name: 'IoU .75', points: points(curves.iou75) },
  ];
  return (
    histogram('IoU of the queries', 'IoU', sets) +
    (lines ? lineChart('Precision and recall of the instances', 'recall', 'precision', lines) : '')
  );
}

function differences({ name, differences: all }: NonNullable<HtmlParts['against']>): string {
  const signed = (value: number) => `${value >= 0 ? '+' : '−'}${percent(Math.abs(value))}`;
  const rows = Object.entries(all).map(([figure, { value, other, difference, interval, p }]) => [
    escapeHtml(figure),
    percent(value),
    percent(other),
    signed(difference),
    interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '–',
    p === null ? '–' : p < 0.001 ? '&lt; 0.001' : p.toFixed(3),
  ]);
  const head = ['', 'this', 'other', 'difference', '95 %', 'p (permutation)'];
  return `<h2>Against ${escapeHtml(name)}</h2>${table(head, rows)}`;
}

const partFigures = [
  ['semantic gIoU', 'semantic.gIoU'],
  ['gIoU', 'refined.gIoU'],
  ['cIoU', 'refined.cIoU'],
  ['bIoU', 'refined.bIoU'],
  ['bF1', 'refined.bF1'],
  ['F1', 'instances.F1'],
  ['AP50', 'instances.AP50'],
] as const;

function partTable(name: string, values: Report['parts'][string]): string {
  const rows = Object.entries(values).map(([value, { queries, figures }]) => [
    escapeHtml(value),
    String(queries),
    ...partFigures.map(([, figure]) => percent(figures[figure])),
  ]);
  const body = table([name, 'queries', ...partFigures.map(([title]) => title)], rows);
  return `<details ${rows.length <= 15 ? 'open' : ''}><summary>By ${escapeHtml(name)}</summary>${body}</details>`;
}

function gallery(title: string, shown: readonly Shown[]): string {
  if (shown.length === 0) return '';
  const cards = shown.map(({ line, picture }) => {
    const words = line.text === '' ? line.id : line.text;
    const image = picture ? `<img src="${picture}" alt="${escapeHtml(`Answer to: ${words}`)}" loading="lazy">` : '';
    const nothing = line.noTarget ? '; nothing matches' : '';
    const values = `IoU ${percent(line.refined)}, semantic ${percent(line.semantic)}${nothing}`;
    return `<figure class="card">${image}<figcaption><b>${escapeHtml(words)}</b><br>${values}<br><small>${escapeHtml(line.id)} ${escapeHtml(line.image ?? '')}</small></figcaption></figure>`;
  });
  const keys =
    '<p class="legend"><span class="key hit"></span>found <span class="key missed"></span>missed ' +
    '<span class="key extra"></span>too much <span class="key ignored"></span>ignored</p>';
  return `<h2>${title} ${shown.length}</h2>${keys}<div class="cards">${cards.join('')}</div>`;
}

/** Of the pictures: found, missed, too much, ignored. Okabe and Ito's palette. */
export const pictureColours = {
  hit: [0, 158, 115],
  missed: [230, 159, 0],
  extra: [204, 121, 167],
  ignored: [130, 130, 130],
} as const;

const rgb = (name: keyof typeof pictureColours) => `rgb(${pictureColours[name].join(',')})`;

const style = `
:root{color-scheme:light dark;--ink:#181b21;--paper:#fff;--soft:#e4e7ec;--a:#8a93a3;--b:#0072b2}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--paper:#16181d;--soft:#333842;--a:#8a93a3;--b:#56b4e9}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0}
main{max-width:1100px;margin:0 auto;padding:24px}
.wide{overflow-x:auto;margin:12px 0}table{border-collapse:collapse}
th,td{padding:4px 12px;text-align:right;border-bottom:1px solid var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
th:first-child{text-align:left}small{opacity:.75}details{margin:16px 0}summary{cursor:pointer;font-weight:600}
.charts{display:flex;flex-wrap:wrap;gap:24px}.charts figure{flex:1 1 380px;margin:0;max-width:520px}
svg{width:100%;height:auto;font-size:11px}svg text{fill:currentColor}.grid{stroke:var(--soft)}
.line{fill:none;stroke-width:2}.line0{stroke:var(--b)}.line1{stroke:var(--a)}.bar0{fill:var(--a)}.bar1{fill:var(--b)}
.legend{display:flex;gap:8px;align-items:center}.key{display:inline-block;width:12px;height:12px;border-radius:3px}
.charts figure:first-child .key0,.key1{background:var(--a)}.charts figure:first-child .key1,.key0{background:var(--b)}
.hit{background:${rgb('hit')}}.missed{background:${rgb('missed')}}.extra{background:${rgb('extra')}}.ignored{background:${rgb('ignored')}}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:16px}.card{margin:0}
.card img{width:100%;aspect-ratio:4/3;object-fit:contain;background:var(--soft);border-radius:6px}
`;
