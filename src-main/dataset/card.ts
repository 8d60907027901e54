/** @file The card of a release for people, in Markdown: made from card.json alone. */
import { profileFacts } from '../contract/export-profiles.ts';
import type { Counts, Distribution } from '../contract/figures.ts';
import type { ReleaseCard } from '../contract/release.ts';

const percent = (part: number, digits = 1): string => `${(100 * part).toFixed(digits)} %`;
const number = (value: number | null, digits = 1): string =>
  value === null ? '-' : String(Number(value.toFixed(digits)));
/** Text of people in a table or a list: no line breaks, and nothing that Markdown would take for its own. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\|<>*_`[\]#]/g, '\\$&');

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return 'None.\n';
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, k) => (k === 0 ? '---' : '---:'))) + rows.map(line).join('');
}

export function cardText(card: ReleaseCard): string {
  const { title, version, date, description, licence, by, software } = card;
  const parts = [
    `# ${plain(title)} ${version}\n\n${date}${by.length > 0 ? `, by ${by.map(plain).join(', ')}` : ''}\n`,
    description === '' ? '' : `${description}\n`,
    contentPart(card),
    splitPart(card),
    `## Files\n\n${table(
      ['path', 'form', 'images', 'queries', 'masks'],
      card.exports.map(({ path, profile, images, queries, annotations }) => [
        ...[path, profileFacts[profile].title, images, queries, annotations],
      ]),
    )}\n${lossText(card)}\`images.json\` has the split, the SHA-256 and the licence of each photo. \`SHA256SUMS\` lists all files: \`sha256sum -c SHA256SUMS\`.\n`,
    `## How it was made\n\n${makingText(card)}`,
    `## Licences\n\n${licence === '' ? 'For the annotations no licence was named.' : `Annotations: ${plain(licence)}.`}\n\nPhotos:\n\n${table(
      ['licence', 'photos'],
      [
        ...card.photos.licences.map(({ name, url, images }) => [
          url === '' ? plain(name) : `${plain(name)} <${url}>`,
          images,
        ]),
        ...(card.photos.unknown > 0 ? [['not known', card.photos.unknown]] : []),
      ],
    )}`,
    `Written by ${software.name} ${software.version}.\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function contentPart({ content }: ReleaseCard): string {
  const { images, queries, instances, answers, noTarget, ranked } = content;
  const spread = (name: string, { mean, median, min, max }: Distribution, digits = 1) => [
    ...[name, number(mean, digits), number(median, digits), number(min, digits), number(max, digits)],
  ];
  const counts = (name: string, list: Counts) =>
    `${name}: ${list.filter(({ count }) => count > 0).map(({ label, count }) => `${count} ${plain(label)}`).join(', ') || 'none'}`; // biome-ignore format: one line
  return `## What is in it

${images} images, ${queries} queries, ${instances} instance masks (${answers} in answers). ${noTarget} queries have nothing that matches; ${ranked} answers have an order.

- ${counts('Form', content.forms)}
- ${counts('Kind of reasoning', content.reasoningTypes)}
- ${counts('Written by', content.sources)}
- ${counts('Validation', content.validation)}
- ${counts('Mask size', content.maskSizes)}
- ${counts('Instances by supercategory', content.supercategories)}

${table(
  ['', 'mean', 'median', 'least', 'most'],
  [
    spread('instances per image', content.instancesPerImage),
    spread('instances per query', content.instancesPerQuery),
    spread('queries per image', content.queriesPerImage),
    spread('words per query', content.words),
    spread('characters per query', content.characters),
    spread('mask, part of its image', content.maskShare, 4),
  ],
)}
${table(
  ['class', 'instances', 'images', 'queries'],
  content.classes.map(({ name, instances: n, images: on, queries: asked }) => [plain(name), n, on, asked]),
)}`;
}

function splitPart({ splits: { seed, balance, duplicates } }: ReleaseCard): string {
  const { threshold, groups, unread } = duplicates;
  const near = threshold === null ? 'equal files' : `equal files and photos whose 64-bit difference hashes differ in at most ${threshold} bits`; // biome-ignore format: one line
  return `## Splits

Stratified by supercategory, kind of reasoning and number of instances, with seed ${seed}. All queries of a photo, and ${near}, are in one split: ${groups.length} groups of such photos.${unread > 0 ? ` ${unread} photos could not be read and were compared by their files' hashes only.` : ''}

${table(
  ['split', 'images', 'queries', 'masks', 'wanted', 'got'],
  balance.splits.map(({ name, images, queries, instances, wanted, got }) => [
    ...[name, images, queries, instances, percent(wanted), percent(got)],
  ]),
)}
${table(
  ['balance of', 'farthest from the whole', 'whole', 'there', 'points'],
  balance.deviations.map(({ of, worst, deviation }) =>
    worst === null
      ? [of, '-', '-', '-', '-']
      : [
          of,
          `${plain(worst.value)} in ${worst.split}`,
          percent(worst.whole),
          percent(worst.here),
          number(100 * deviation),
        ],
  ),
)}`;
}

function makingText({ reviewersPerQuery, people, models, writers }: ReleaseCard): string {
  const persons = people.map(({ who, verdicts }) => `${plain(who)} (${verdicts} verdicts)`).join(', ');
  const wrote = writers.map(({ model, queries }) => `${plain(model)} (${queries})`).join(', ');
  return `Answers were accepted by people; validation asks ${reviewersPerQuery} of them for each query. People: ${persons || 'no names were given'}.

Queries written by models: ${wrote || 'none'}.

Masks that models proposed, in the whole project:

${table(
  ['segmenter', 'reasoner', 'runs', 'as proposed', 'corrected', 'rejected', 'accepted'],
  models.map(({ pack, reasoner, runs, asProposed, corrected, rejected, acceptance }) => [
    ...[plain(pack), plain(reasoner ?? '-'), runs, asProposed, corrected, rejected],
    acceptance === null ? '-' : percent(acceptance),
  ]),
)}`;
}

/** What the forms cannot hold, once each. */
function lossText({ exports }: ReleaseCard): string {
  const texts = exports.flatMap(({ path, losses }) => losses.map(({ text }) => `- ${path}: ${text}\n`));
  return texts.length === 0 ? '' : `What these forms cannot hold:\n\n${texts.join('')}\n`;
}
