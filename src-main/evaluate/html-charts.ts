/** @file Charts of the report as SVG text: no script, readable in light and dark, values also in words. */

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const [width, height, left, bottom, top, right] = [420, 260, 44, 34, 14, 12];
const plotWidth = width - left - right;
const plotHeight = height - top - bottom;
const x = (share: number) => (left + share * plotWidth).toFixed(1);
const y = (share: number) => (top + (1 - share) * plotHeight).toFixed(1);

export type Line = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };

/** Lines over two axes from 0 to 1. Styles `line0`, `line1`, ... are the page's. */
export function lineChart(title: string, across: string, up: string, lines: readonly Line[]): string {
  const paths = lines.map(({ points }, k) => {
    const path = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
    return `<path class="line line${k}" d="${path}"/>`;
  });
  return frame(title, across, up, paths.join(''), (share) => share.toFixed(1), legend(lines.map(({ name }) => name)));
}

/** How many of the values lie in each tenth of 0 to 1, as bars side by side. */
export function histogram(title: string, across: string, sets: readonly { name: string; values: readonly number[] }[]) {
  const bins = 10;
  const counts = sets.map(({ values }) => {
    const of = new Array<number>(bins).fill(0);
    for (const value of values) of[Math.max(0, Math.min(bins - 1, Math.floor(value * bins)))]!++;
    return of;
  });
  const most = Math.max(1, ...counts.flat());
  const barWidth = (0.8 * plotWidth) / bins / sets.length;
  const bars = counts.flatMap((of, set) =>
    of.map((count, bin) => {
      const from = left + ((bin + 0.1) * plotWidth) / bins + set * barWidth;
      const tall = (count / most) * plotHeight;
      const box = `x="${from.toFixed(1)}" y="${(top + plotHeight - tall).toFixed(1)}"`;
      const size = `width="${barWidth.toFixed(1)}" height="${tall.toFixed(1)}"`;
      return `<rect class="bar${set}" ${box} ${size}><title>${bin / bins} to ${(bin + 1) / bins}: ${count}</title></rect>`;
    }),
  );
  const names = legend(sets.map(({ name }) => name));
  return frame(title, across, 'queries', bars.join(''), (share) => String(Math.round(share * most)), names);
}

function frame(
  title: string,
  across: string,
  up: string,
  content: string,
  upLabel: (share: number) => string,
  names: string,
): string {
  const steps = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const grid = steps
    .map(
      (share) =>
        `<path class="grid" d="M${left} ${y(share)}H${width - right}"/>` +
        `<text x="${left - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${upLabel(share)}</text>` +
        `<text x="${x(share)}" y="${height - bottom + 16}" text-anchor="middle">${share.toFixed(1)}</text>`,
    )
    .join('');
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${grid}${content}` +
    `<text x="${left + plotWidth / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(across)}</text>` +
    `<text x="12" y="${top + plotHeight / 2}" text-anchor="middle" transform="rotate(-90 12 ${top + plotHeight / 2})">` +
    `${escapeHtml(up)}</text></svg>${names}</figure>`
  );
}

const legend = (names: readonly string[]): string =>
  `<p class="legend">${names.map((name, k) => `<span class="key key${k}"></span>${escapeHtml(name)}`).join(' ')}</p>`;
