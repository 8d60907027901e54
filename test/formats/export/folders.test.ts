/** @file Exports that are folders: what they replace, what they refuse to replace, what stays when they fail, and as a ZIP. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportProfiles, profileFacts } from '../../../src-main/contract/export-profiles.ts';
import { zipFolder } from '../../../src-main/formats/export/zip.ts';
import { exportProfile } from '../../../src-main/formats/profiles.ts';
import { everything, sourceOf, temporary } from '../coco/project.ts';
import { lacks, runPython } from './python.ts';

/** All files below a folder with their content. */
const content = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length), readFileSync(file).toString('base64')]),
  );

const folderProfiles = exportProfiles.filter((profile) => profileFacts[profile].target === 'folder');

for (const profile of folderProfiles) {
  test(`${profile}: replaces its own, gives the same bytes, leaves nothing beside it`, async () => {
    const place = await temporary();
    const target = join(place, 'out');
    await exportProfile(profile, sourceOf(everything()), target);
    const first = content(target);
    mkdirSync(join(target, 'labels'), { recursive: true });
    writeFileSync(join(target, 'labels', 'train.cache'), 'made by a trainer');
    await exportProfile(profile, sourceOf(everything()), target);
    expect(content(target)).toEqual(first);
    expect(readdirSync(place)).toEqual(['out']);
    const marker = JSON.parse(readFileSync(join(target, 'novo-export.json'), 'utf8'));
    expect(marker.novo_export).toMatchObject({ profile, title: profileFacts[profile].title });
    expect(marker.files.length).toBe(Object.keys(first).length - 1);
  });
}

test('a folder with files of others is refused and stays: unknown, added to, or a file', async () => {
  const place = await temporary();
  const source = sourceOf(everything());
  const photos = join(place, 'photos');
  mkdirSync(photos);
  writeFileSync(join(photos, 'a.jpg'), 'mine');
  const refused = { code: 'bad-request', message: expect.stringMatching(/was not replaced|is a file/) };
  await expect(exportProfile('png', source, photos)).rejects.toMatchObject(refused);
  expect(readFileSync(join(photos, 'a.jpg'), 'utf8')).toBe('mine');
  const out = join(place, 'out');
  await exportProfile('png', source, out);
  mkdirSync(join(out, 'masks', 'mine'));
  writeFileSync(join(out, 'masks', 'mine', 'notes.txt'), 'mine');
  await expect(exportProfile('png', source, out)).rejects.toMatchObject({
    ...refused,
    message: expect.stringMatching(/holds masks.mine.notes\.txt/),
  });
  expect(readFileSync(join(out, 'masks', 'mine', 'notes.txt'), 'utf8')).toBe('mine');
  rmSync(join(out, 'masks', 'mine'), { recursive: true });
  // Another form may take the place: all that is there was written by an export.
  await exportProfile('refcoco', source, out);
  writeFileSync(join(place, 'file'), '{}');
  await expect(exportProfile('png', source, join(place, 'file'))).rejects.toMatchObject(refused);
  mkdirSync(join(place, 'empty'));
  await exportProfile('png', source, join(place, 'empty'));
  expect(readdirSync(place).sort()).toEqual(['empty', 'file', 'out', 'photos']);
});

for (const profile of exportProfiles) {
  test(`${profile}: cancelled while it writes or checks, the old export stays`, async () => {
    const place = await temporary();
    const target = join(place, 'out');
    await exportProfile(profile, sourceOf(everything()), target);
    const read = () => (profileFacts[profile].target === 'folder' ? content(target) : readFileSync(target, 'utf8'));
    const before = read();
    const other = everything();
    other.queries.pop();
    other.queries.shift();
    for (const stage of ['write', 'check']) {
      const stop = new AbortController();
      const onProgress = (progress: { stage: string }) => {
        if (progress.stage === stage) stop.abort(new Error('stopped'));
      };
      const run = exportProfile(profile, sourceOf(other), target, { signal: stop.signal, onProgress });
      await expect(run, stage).rejects.toThrow('stopped');
      expect(read()).toEqual(before);
      expect(readdirSync(place)).toEqual(['out']);
    }
  });

  test(`${profile}: a project that changes between writing and checking is noticed`, async () => {
    const records = everything();
    const source = sourceOf(records);
    const target = join(await temporary(), 'out');
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === 'check' || records.instances[0]!.rle === records.instances[1]!.rle) return;
      // After the last round of writing there is one more question for the records: the check's.
      last++;
    };
    let last = 0;
    await exportProfile(profile, source, target, { onProgress });
    const rounds = last;
    last = 0;
    const changed = exportProfile(profile, source, `${target}2`, {
      onProgress: (progress) => {
        onProgress(progress);
        if (last !== rounds) return;
        records.instances[0]!.rle = records.instances[2]!.rle;
        records.instances[8]!.rle = records.instances[7]!.rle;
        records.queries[0]!.query.text = 'another';
        last++;
      },
    });
    await expect(changed).rejects.toMatchObject({ code: 'internal', message: expect.stringMatching(/not the same/) });
  });
}

test('as a ZIP: every file with its name and content, and only a ZIP is replaced', async () => {
  const place = await temporary();
  const folder = join(place, 'export ü');
  await mkdir(join(folder, 'b'), { recursive: true });
  await writeFile(join(folder, 'b', '사진.jpg'), Buffer.alloc(70_000, 'photo'));
  await writeFile(join(folder, 'a.json'), `[${'1,'.repeat(50_000)}1]`);
  await writeFile(join(folder, 'empty.txt'), '');
  const zip = join(place, 'out.zip');
  const seen: number[] = [];
  const bytes = await zipFolder(folder, zip, { onProgress: (done) => seen.push(done) });
  const first = await readFile(zip);
  expect([first.length, seen]).toEqual([bytes, [1, 2, 3]]);
  await zipFolder(folder, zip);
  expect((await readFile(zip)).equals(first)).toBe(true);
  await writeFile(join(place, 'mine.txt'), 'mine');
  await expect(zipFolder(folder, join(place, 'mine.txt'))).rejects.toMatchObject({ code: 'bad-request' });
  if (lacks('zipfile')) return;
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({i.filename: len(z.read(i)) for i in z.infolist()}))`;
  expect(await runPython(script, zip)).toEqual({
    'export ü/a.json': 100_003,
    'export ü/b/사진.jpg': 70_000,
    'export ü/empty.txt': 0,
  });
});
