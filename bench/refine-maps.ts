/**
 * @file Oracle activation maps that no constant of the refinement was chosen on, as requests of a batch:
 *
 *   node scripts/run.mjs bench/refine-maps.ts COCO_DIR [--seed 1] [--limit 60] [--min 2] [--max 8] [--grid 24]
 *     [--noise 0.3] [--shift 0] [--distractor 0.3] [--without REQUESTS.jsonl]... [--mixed] > requests.jsonl
 *
 * COCO_DIR holds instances.json and images/. A map is the share of each cell that one class covers in one photo, seen
 * through a 3 x 3 binomial blur, scaled to -0.2 to 0.6, with noise of a width (0.3 is +-0.15), in half of the photos
 * with another object that is weakly active, and moved by `--shift` cells to the right and down. `--without` leaves the
 * photos of other requests out. `--mixed` takes objects of any classes together, as a query about a purpose would.
 * Everything follows from the seed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeRle } from '../src-main/contract/rle.ts';
import { unionAll } from '../src-main/mask/boolean.ts';
import { seededRandom } from '../src-main/metrics/resample.ts';
import { type Annotation, maskOf, type Photo, readCoco, readOracleRequests } from './refine-requests.ts';

/** Classes that cover fewer pixels in a photo give maps with nothing to see, and so do smaller distractors. */
const leastArea = 3000;
const leastDistractor = 1500;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '60' },
    min: { type: 'string', default: '2' },
    max: { type: 'string', default: '8' },
    grid: { type: 'string', default: '24' },
    noise: { type: 'string', default: '0.3' },
    shift: { type: 'string', default: '0' },
    distractor: { type: 'string', default: '0.3' },
    without: { type: 'string', multiple: true, default: [] },
    mixed: { type: 'boolean', default: false },
  },
});
const [folder = join(process.env['NOVO_DATA'] ?? '../shared/data', 'coco-dev')] = positionals;
const [grid, noise, shift, weak] = [values.grid, values.noise, values.shift, values.distractor].map(Number) as [
  number,
  number,
  number,
  number,
];
const random = seededRandom(Number(values.seed));
const coco = readCoco(folder);
const usable = coco.annotations.filter(({ iscrowd }) => !iscrowd);
const seen = new Set(values.without.flatMap((file) => readOracleRequests(file).map(({ image }) => image)));

const [fewest, most] = [Number(values.min), Number(values.max)];
const groups = Object.values(
  Object.groupBy(usable, (a) => (values.mixed ? a.image_id : `${a.image_id}/${a.category_id}`)),
)
  .map((all) => (values.mixed ? someOf(all!) : all!))
  .filter(
    (group) =>
      group.length >= fewest && group.length <= most && group.reduce((sum, { area }) => sum + area, 0) >= leastArea,
  );
for (let i = groups.length - 1; i > 0; i--) {
  const j = Math.floor(random() * (i + 1));
  [groups[i], groups[j]] = [groups[j]!, groups[i]!];
}

let left = Number(values.limit);
for (const group of groups) {
  if (left === 0) break;
  const photo = coco.images.find(({ id }) => id === group[0]!.image_id)!;
  const image = photo.file_name.startsWith('images/') ? photo.file_name : `images/${photo.file_name}`;
  if (seen.has(image)) continue;
  seen.add(image);
  left--;
  const { category_id } = group[0]!;
  const target = coverage(group, photo);
  const others = usable.filter(
    (a) =>
      a.image_id === photo.id &&
      (values.mixed ? !group.includes(a) : a.category_id !== category_id) &&
      a.area > leastDistractor,
  );
  const chosen = others[Math.floor(random() * others.length)];
  const distractor = chosen && random() < 0.5 ? coverage([chosen], photo) : null;
  const clean = target.map((value, k) => 0.8 * value + weak * (distractor?.[k] ?? 0) - 0.2);
  const line = {
    id: `${photo.id}-${values.mixed ? 'mixed' : category_id}`,
    image,
    width: photo.width,
    height: photo.height,
    category: values.mixed ? 'mixed' : coco.categories.find(({ id }) => id === category_id)!.name,
    grid: [grid, grid],
    activation: moved(clean).map((value) => Number((value + (random() - 0.5) * noise).toFixed(4))),
    annotation_ids: group.map(({ id }) => id),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** `fewest` to `most` objects that are large enough to be seen in a map, of any classes. */
function someOf(all: readonly Annotation[]): Annotation[] {
  const large = all.filter(({ area }) => area > leastDistractor);
  const count = fewest + Math.floor(random() * (most - fewest + 1));
  return large
    .map((one) => ({ one, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ one }) => one);
}

/** Share of each cell of the padded square that the objects cover, blurred 3 x 3 (1 2 1). */
function coverage(objects: readonly Annotation[], { width, height }: Photo): number[] {
  const { data } = decodeRle(unionAll(objects.map((object) => maskOf(object, width, height))));
  const side = Math.max(width, height);
  const share = new Float64Array(grid * grid);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * grid) / side) * grid;
    for (let x = 0; x < width; x++) share[row + Math.floor((x * grid) / side)]! += data[y * width + x]!;
  }
  const pixels = (side / grid) ** 2;
  return Array.from(share, (_, k) => {
    let [sum, weight] = [0, 0];
    for (let y = Math.floor(k / grid) - 1, dy = -1; dy <= 1; dy++, y++) {
      for (let x = (k % grid) - 1, dx = -1; dx <= 1; dx++, x++) {
        if (y < 0 || x < 0 || y >= grid || x >= grid) continue;
        const w = (2 - Math.abs(dx)) * (2 - Math.abs(dy));
        sum += (w * share[y * grid + x]!) / pixels;
        weight += w;
      }
    }
    return sum / weight;
  });
}

/** Moved to the right and down; what comes in is background. */
function moved(map: readonly number[]): number[] {
  return map.map((_, k) => {
    const [x, y] = [(k % grid) - shift, Math.floor(k / grid) - shift];
    return x < 0 || y < 0 || x >= grid || y >= grid ? -0.2 : map[y * grid + x]!;
  });
}
