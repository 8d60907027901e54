/** @file Figures of a dataset as lines of a terminal. */
import type { Counts, Distribution, Figures } from '../contract/figures.ts';

/** Classes that are listed; `--json` has all. */
const most = 15;

export function figuresText({ content, work }: Figures): string {
  const { images, queries, instances, noTarget, ranked, statuses } = content;
  let text = `\n${statuses.length > 1 ? 'queries of every status' : `${statuses[0]} queries`}: ${queries} on ${images} images, ${instances} masks`;
  text += `; nothing matches in ${noTarget}, ${ranked} with an order\n`;
  if (queries > 0) {
    for (const [name, counts] of [
      ['form', content.forms],
      ['reasoning', content.reasoningTypes],
      ['written by', content.sources],
      ['validation', content.validation],
      ['mask size', content.maskSizes],
      ['above classes', content.supercategories],
    ] as const) {
      text += line(name, countsText(counts));
    }
    for (const [name, distribution, digits] of [
      ['masks per image', content.instancesPerImage, 1],
      ['masks per query', content.instancesPerQuery, 1],
      ['queries per image', content.queriesPerImage, 1],
      ['words', content.words, 1],
      ['characters', content.characters, 1],
    ] as const) {
      text += line(name, spread(distribution, digits));
    }
    const shown = content.classes.slice(0, most).map(({ name, instances: n }) => `${name} ${n}`);
    const more = content.classes.length - shown.length;
    text += line('classes', `${shown.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`);
  }
  text += line('seconds per mask', spread(work.secondsPerInstance, 1));
  text += line('clicks per mask', spread(work.clicksPerInstance, 1));
  for (const { pack, reasoner, asProposed, corrected, rejected, waiting, acceptance } of work.models) {
    const rate = acceptance === null ? 'none decided' : `${Math.round(100 * acceptance)} % accepted`;
    const fates = `${asProposed} as proposed, ${corrected} corrected, ${rejected} rejected, ${waiting} waiting`;
    text += line('model', `${reasoner === null ? pack : `${reasoner} + ${pack}`}: ${rate} (${fates})`);
  }
  for (const { who, actions, verdicts, hours } of work.people) {
    text += line('person', `${who}: ${actions} actions, ${verdicts} verdicts, ${hours.toFixed(1)} hours`);
  }
  return text;
}

const line = (name: string, value: string): string => `${name.padEnd(18)}${value}\n`;

const countsText = (counts: Counts): string =>
  counts
    .filter(({ count }) => count > 0)
    .map(({ label, count }) => `${label} ${count}`)
    .join(', ') || 'none';

function spread({ count, mean, median, min, max }: Distribution, digits: number): string {
  if (count === 0) return 'none';
  const text = (value: number | null) => String(Number(value!.toFixed(digits)));
  return `mean ${text(mean)}, median ${text(median)}, ${text(min)} to ${text(max)}`;
}
