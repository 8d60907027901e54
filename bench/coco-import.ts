/**
 * @file Import of a COCO file against pycocotools: 36,000 instances in 5,000 images, the instances of coco-dev
 * (`NOVO_DATA`) repeated as further images. Two comparisons: reading the whole file, element by element, with its ids
 * indexed, against `COCO(file)`, which does that; and a whole import, where every photo is found and every mask checked,
 * rasterised, measured and compressed, against `COCO(file)` with `annToRLE`, `area` and `toBbox` of every annotation.
 * Each in turn, in processes of their own; times are those of the processor, all threads together; memory is the peak
 * above what the process had before it began.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCoco } from '../src-main/formats/coco/import.ts';
import { readCoco } from '../src-main/formats/coco/read.ts';
import { photoFinder } from '../src-main/formats/import-photos.ts';
import { importSink } from '../src-main/formats/import-sink.ts';
import { jsonChunks } from '../src-main/formats/json-elements.ts';
import { putImages } from '../src-main/store/images.ts';
import { applyImport } from '../src-main/store/import-apply.ts';
import { projectPhotos } from '../src-main/store/import-photos.ts';
import { createProject, openProject } from '../src-main/store/project.ts';

const wanted = { images: 5000, annotations: 36_000 };
const rounds = 3;

export async function bench(): Promise<void> {
  const data = process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../shared/data');
  const source = join(data, 'coco-dev', 'instances.json');
  const python = process.env['NOVO_PYTHON'] ?? 'python3';
  if (!existsSync(source)) return console.error(`coco-import: skipped, there is no ${source} (NOVO_DATA).`);
  if (spawnSync(python, ['-c', 'import pycocotools.coco']).status !== 0) {
    return console.error(`coco-import: skipped, ${python} has no pycocotools (NOVO_PYTHON).`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'novo-bench-'));
  try {
    const file = join(folder, 'instances.json');
    const project = await projectFor(await writeFileOf(source, file), folder);
    const size = statSync(file).size;
    console.log(
      `COCO import: ${wanted.annotations} instances, ${wanted.images} images, ${(size / 1e6).toFixed(1)} MB\n`,
    );
    console.log(
      '| round | read s | COCO() s | x | import s | COCO() + masks s | x | write s | MB | of the file | COCO() MB |',
    );
    console.log('|---|---|---|---|---|---|---|---|---|---|---|');
    const ratios: { read: number; work: number; share: number }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const reading = ask(process.execPath, [import.meta.filename, 'read', file, project]);
      const theirs = ask(python, ['-c', script, file]);
      const mine = ask(process.execPath, [import.meta.filename, 'import', file, project]);
      const ratio = { read: theirs.read / reading.read, work: theirs.work! / mine.work!, share: mine.bytes / size };
      ratios.push(ratio);
      const [s, mb] = [(value: number) => value.toFixed(2), (value: number) => (value / 1e6).toFixed(0)];
      const read = [s(reading.read), s(theirs.read), s(ratio.read)];
      const work = [s(mine.work!), s(theirs.work!), s(ratio.work), s(mine.write!)];
      const memory = [mb(mine.bytes), `${ratio.share.toFixed(1)} x`, mb(theirs.bytes)];
      console.log(`| ${[round, ...read, ...work, ...memory].join(' | ')} |`);
    }
    const median = (values: number[]) => values.sort((x, y) => x - y)[values.length >> 1]!.toFixed(2);
    const [read, work, share] = (['read', 'work', 'share'] as const).map((key) =>
      median(ratios.map((each) => each[key])),
    );
    console.log(`\nMedians: reading ${read} x and the same work ${work} x as fast; memory ${share} x the file.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Timed = { read: number; work?: number; write?: number; bytes: number };

function ask(program: string, args: string[]): Timed {
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (run.status !== 0) throw new Error(`${program} failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Timed;
}

const script = `
import contextlib, io, json, resource, sys, time
from pycocotools.coco import COCO
from pycocotools import mask as M
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before, start = peak(), time.process_time()
with contextlib.redirect_stdout(io.StringIO()):
    coco = COCO(sys.argv[1])
read, bytes = time.process_time() - start, peak() - before
for a in coco.anns.values():
    rle = coco.annToRLE(a)
    M.area(rle), M.toBbox(rle)
print(json.dumps({'read': read, 'work': time.process_time() - start, 'bytes': bytes}))
`;

type Listed = { readonly id: number; readonly file_name: string; readonly width: number; readonly height: number };

async function writeFileOf(source: string, target: string): Promise<Listed[]> {
  const file = await readCoco(source, (problem) => console.error(problem));
  const images: Listed[] = [];
  const annotations: object[] = [];
  for (let copy = 0; annotations.length < wanted.annotations; copy++) {
    const shift = copy * 10_000_000;
    for (const image of file.images.values()) {
      images.push({ ...image, id: shift + Number(image.id), file_name: `${copy}/${image.file_name}` });
    }
    for (const annotation of file.annotations.values()) {
      if (annotations.length === wanted.annotations) break;
      const { iscrowd, ...rest } = annotation;
      const ids = { id: annotations.length + 1, image_id: shift + Number(annotation.image_id) };
      annotations.push({ ...rest, ...ids, iscrowd: iscrowd ? 1 : 0 });
    }
  }
  const [first] = file.images.values();
  for (let k = images.length; k < wanted.images; k++)
    images.push({ ...first!, id: -1 - k, file_name: `more/${k}.jpg` });
  writeFileSync(target, JSON.stringify({ images, annotations, categories: [...file.categories.values()] }));
  return images;
}

/** A project that has all the photos of the file. Returns its folder. */
async function projectFor(images: readonly Listed[], folder: string): Promise<string> {
  const project = await createProject(join(folder, 'project'), { images: [folder], backupEveryMs: 0 });
  putImages(
    project.db,
    images.map(({ file_name: path, width, height }) => ({
      ...{ id: 0, rootId: 1, path, diskPath: null, contentHash: path, width, height },
      ...{ format: 'jpeg', bytes: 1, modifiedMs: 1, status: 'present' as const },
    })),
  );
  await project.close();
  return project.folder;
}

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const peak = () => process.resourceUsage().maxRSS * 1024;

/** Our side, as a process of its own: all elements parsed, and indexed by their ids and images. */
async function readFile(file: string): Promise<Timed> {
  const [before, start] = [peak(), seconds()];
  const byId = new Map<string, Map<unknown, unknown>>();
  const byImage = new Map<unknown, unknown[]>();
  for await (const events of jsonChunks(file)) {
    for (const { kind, key, ...rest } of events) {
      if (kind !== 'element') continue;
      const value = (rest as { value: { id: unknown; image_id?: unknown } }).value;
      if (!byId.has(key)) byId.set(key, new Map());
      byId.get(key)!.set(value.id, value);
      if (key !== 'annotations') continue;
      const list = byImage.get(value.image_id);
      if (list) list.push(value);
      else byImage.set(value.image_id, [value]);
    }
  }
  const done = seconds();
  if (byId.get('annotations')?.size !== wanted.annotations) throw new Error('Some annotations were not read.');
  return { read: done - start, bytes: peak() - before };
}

/** The plan is written and taken back, so that every round finds the same project. */
async function importFile(file: string, folder: string): Promise<Timed> {
  const project = await openProject(folder, { backupEveryMs: 0 });
  const [before, start] = [peak(), seconds()];
  const sink = importSink(photoFinder(await projectPhotos(project)));
  await importCoco(file, sink);
  const read = seconds();
  const { added } = applyImport(project.db, sink.plan, {}, { what: 'import.coco', source: 'bench', dryRun: true });
  const done = seconds();
  const bytes = peak() - before;
  await project.close();
  if (added.instances !== wanted.annotations) throw new Error(JSON.stringify(sink.tallied()));
  return { read: read - start, work: read - start, write: done - read, bytes };
}

if (process.argv[1] === import.meta.filename) {
  const [, , what, file, folder] = process.argv;
  console.log(JSON.stringify(await (what === 'read' ? readFile(file!) : importFile(file!, folder!))));
}
