/**
 * @file Memory of exports: a project of 20,000 images with two instances and a query each, made here, and a quarter of
 * it, through every profile, each in a process of its own: written, read back and compared, put in its place. `live` is
 * the most that was in use after a collection, looked at twenty times on the way: what streams has no more of it for four
 * times the images. `peak` is that of the process above what it had with the project open, with the engine's heap held
 * small: else it is mostly room for short-lived objects, which V8 takes where nobody else wants it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cocoSource } from '../src-main/api/export-source.ts';
import { type ExportProfile, exportProfiles } from '../src-main/contract/export-profiles.ts';
import type { InstanceDraft, QueryDraft } from '../src-main/contract/import.ts';
import { encodeRle, rleArea, rleBox } from '../src-main/contract/rle.ts';
import { onlyImages } from '../src-main/formats/export/context.ts';
import { exportProfile } from '../src-main/formats/profiles.ts';
import { putImages } from '../src-main/store/images.ts';
import { applyImport } from '../src-main/store/import-apply.ts';
import { createProject, openProject } from '../src-main/store/project.ts';

const sizes = [5000, 20_000] as const;
const most = sizes[1];
const perImage = 2;
const looks = 20;
const heap = ['--expose-gc', '--max-semi-space-size=2', '--max-old-space-size=48'];
const [width, height] = [96, 72];

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'novo-bench-'));
  try {
    await makeProject(join(folder, 'project'));
    console.log(`Exports of ${sizes.join(' and ')} images, ${perImage} instances and a query each, without photos\n`);
    console.log('| profile | live MB | live MB, 4 x | bytes an image more | peak MB | peak MB, 4 x | seconds, 4 x |');
    console.log('|---|---|---|---|---|---|---|');
    for (const profile of exportProfiles) {
      const [small, large] = sizes.map((size) => measured(folder, profile, size)) as [Measured, Measured];
      const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
      const more = ((large.live - small.live) / (sizes[1] - sizes[0])).toFixed(0);
      const cells = [mb(small.live), mb(large.live), more, mb(small.peak), mb(large.peak), large.seconds.toFixed(0)];
      console.log(`| ${[profile, ...cells].join(' | ')} |`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Measured = { readonly live: number; readonly peak: number; readonly seconds: number };

function measured(folder: string, profile: ExportProfile, size: number): Measured {
  const out = join(folder, `${profile}-${size}`);
  const args = [...heap, import.meta.filename, 'export', join(folder, 'project'), out, profile, `${size}`];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  rmSync(out, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`${profile} failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Measured;
}

/** Blots of a few parts with holes, as many different ones as there are places for them. */
function blot(seed: number): Pick<InstanceDraft, 'rle' | 'area' | 'bbox'> {
  const data = new Uint8Array(width * height);
  const [x0, y0, r] = [12 + ((seed * 37) % (width - 24)), 12 + ((seed * 23) % (height - 24)), 5 + (seed % 7)];
  for (let y = y0 - r; y <= y0 + r; y++) {
    for (let x = x0 - r; x <= x0 + r; x++) {
      const far = (x - x0) ** 2 + (y - y0) ** 2;
      data[y * width + x] = far <= r * r && (seed % 5 > 0 || far > 8) ? 1 : 0;
    }
  }
  const rle = encodeRle({ width, height, data });
  return { rle, area: rleArea(rle), bbox: rleBox(rle) };
}

async function makeProject(folder: string): Promise<void> {
  const { db, close } = await createProject(folder, { images: [folder], backupEveryMs: 0 });
  for (let from = 1; from <= most; from += 1000) {
    const numbers = Array.from({ length: 1000 }, (_, k) => from + k);
    const names = numbers.map((n) => `photos of a folder/${`${n}`.padStart(12, '0')}.jpg`);
    putImages(
      db,
      names.map((path) => ({
        ...{ id: 0, rootId: 1, path, diskPath: null, contentHash: path, width, height },
        ...{ format: 'jpeg', bytes: 1, modifiedMs: 1, status: 'present' as const },
      })),
    );
    const instances = numbers.flatMap((imageId) =>
      Array.from({ length: perImage }, (_, k): InstanceDraft => {
        const made = { score: null, source: 'human', attributes: {} } as const;
        return { imageId, ...blot(imageId * perImage + k), category: (imageId + k) % 80, ...made };
      }),
    );
    const queries = numbers.map((imageId, k): QueryDraft => {
      const links = [0, 1].map((n) => ({ instance: k * perImage + n, rank: k % 2 === 0 ? n + 1 : null }));
      return {
        ...{ imageId, text: `what could one rest on in photo ${imageId}?`, form: 'long', reasoningType: 'context' },
        ...{ source: 'human', status: 'accepted', noTarget: false, exhaustive: true, clear: true, correct: true },
        ...{ reviewer: null, note: '', links, model: null },
      };
    });
    const categories = Array.from({ length: 80 }, (_, k) => ({ name: `class ${k}`, supercategory: null, order: k }));
    applyImport(db, { categories, instances, queries }, {}, { what: 'import.coco', source: 'bench' });
  }
  await close();
}

async function exportPart(folder: string, out: string, profile: ExportProfile, size: number): Promise<Measured> {
  const project = await openProject(folder, { readonly: true });
  const { source, release } = await cocoSource(project);
  const part = onlyImages(source, ({ id }) => id <= size, size);
  const held = () => {
    globalThis.gc!();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const peak = () => process.resourceUsage().maxRSS * 1024;
  const [heldBefore, peakBefore, start] = [held(), peak(), performance.now()];
  let live = 0;
  const seen = new Set<string>();
  const report = await exportProfile(profile, part, out, {
    photos: 'none',
    onProgress: ({ stage, done, total }) => {
      const look = `${stage} ${Math.ceil((done / total) * (looks / 2))}`;
      if (seen.has(look)) return;
      seen.add(look);
      live = Math.max(live, held() - heldBefore);
    },
  });
  const done = { live, peak: peak() - peakBefore, seconds: (performance.now() - start) / 1000 };
  release();
  await project.close();
  if (report.images !== size) throw new Error(`${report.images} images were exported, not ${size}.`);
  return done;
}

if (process.argv[1] === import.meta.filename) {
  const [, , , folder, out, profile, size] = process.argv;
  console.log(JSON.stringify(await exportPart(folder!, out!, profile as ExportProfile, Number(size))));
}
