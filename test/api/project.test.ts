/** @file One project open at a time: made, opened, closed, found again, refused in words. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { serveMedia } from '../../src-main/api/media.ts';
import { openProject } from '../../src-main/store/project.ts';
import { isRoot, photo, photosIn, smallDisk, startProjectApp, tempFolder, withProject } from './project-app.ts';

test('a project is made from a folder of photos, opens at once, and pages hear how it fills', async () => {
  const page = startProjectApp();
  const photos = await photosIn(join(tempFolder(), 'summer 2024'), 'img10.png', 'img2.png');
  const done = page.next('scan.done');
  const { project } = await page.call('project.create', { photos: await page.grant(photos) });
  expect(project).toMatchObject({
    name: 'summer 2024',
    folder: join(page.home, 'projects', 'summer 2024'),
    roots: [{ folder: photos, present: true }],
    scanning: true,
  });
  expect(await done).toMatchObject({ session: project!.session, result: { added: 2, skipped: 0 } });
  const { images, total } = await page.call('images.list', {});
  expect(images.map(({ path, state, width }) => [path, state, width])).toEqual([
    ['img2.png', 'new', 8],
    ['img10.png', 'new', 8],
  ]);
  expect(total).toBe(2);
  const states = page.heard('project.state').map((state) => state.project?.scanning);
  expect(states.at(-1)).toBe(false);
  expect(states).toContain(true);
  expect(page.heard('images.changed').at(-1)).toMatchObject({ total: 2 });
  expect(await page.call('project.state', {})).toMatchObject({ project: { images: 2, scanning: false } });
});

test('a name that is taken gets a number; a name that no system takes is made plain', async () => {
  const page = startProjectApp();
  const photos = await page.grant(await photosIn(tempFolder(), 'a.png'));
  const made = async (name: string) => {
    const { project } = await page.call('project.create', { photos, name });
    expect(existsSync(join(project!.folder, 'project.sqlite'))).toBe(true);
    return basename(project!.folder);
  };
  expect(await made('Kitchen')).toBe('Kitchen');
  expect(await made('kitchen')).toBe('kitchen 2');
  expect(await made('../../etc/passwd')).toBe('_.._etc_passwd');
  expect(await made('con')).toBe('_con');
  const korean = '부엌'.repeat(50);
  const long = await made(korean);
  expect(korean.startsWith(long)).toBe(true);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
  expect(readdirSync(join(page.home, 'projects')).toSorted()).toHaveLength(5);
});

test('names in Korean, with #, %, quotes and 255 bytes go from the disk to the page and into the export', async () => {
  const page = startProjectApp();
  const longest = `${'가'.repeat(83)}ab.png`;
  expect(Buffer.byteLength(longest)).toBe(255);
  const folder = join(tempFolder(), `사진 #1 50% 'a' & b`);
  await photosIn(
    folder,
    `부엌 #2 100% 'x'.png`,
    longest,
    'a b%20c.png',
    '#.png',
    ...(process.platform === 'win32' ? [] : ['"q"?.png']),
  );
  const { project } = await page.call('project.create', { photos: await page.grant(folder) });
  const scanned = await page.call('project.scan', {});
  expect(scanned).toMatchObject({ skipped: 0 });
  const { images } = await page.call('images.list', {});
  expect(images.map(({ path }) => path)).toContain(longest);
  expect(images).toHaveLength(readdirSync(folder).length);
  for (const { id } of images) {
    const answer = await serveMedia(new Request(`http://host/media/${id}`), page.app.images);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    await answer.body?.cancel();
  }
  const exported = await page.call('project.export', {});
  expect(exported.name).toBe(`${project!.name}.json`);
  expect(exported.images).toBe(images.length);
  expect(await page.app.exports(exported.name)).toBe(exported.file);
});

test('opening another project closes the first; one that cannot be opened leaves it as it is', async () => {
  const page = startProjectApp();
  const first = await withProject(page, 'a.png');
  const second = await withProject(page, 'b.png');
  expect(second.project.session).not.toBe(first.project.session);
  await (await openProject(first.folder, { backupEveryMs: 0 })).close(); // nobody holds it
  // Damaged in the middle.
  const damaged = join(tempFolder(), 'damaged');
  await cp(first.folder, damaged, { recursive: true });
  const { writeSync, openSync, closeSync } = await import('node:fs');
  const file = openSync(join(damaged, 'project.sqlite'), 'r+');
  for (let at = 4096; at < 40_960; at += 512) writeSync(file, Buffer.alloc(300, 0x5a), 0, 300, at);
  closeSync(file);
  expect(await page.fails('project.open', { folder: await page.grant(damaged) })).toMatchObject({
    code: 'bad-project',
    message: expect.stringContaining('damaged'),
    hint: expect.stringContaining('backup'),
  });
  // Of a newer version.
  const newer = join(tempFolder(), 'newer');
  await cp(first.folder, newer, { recursive: true });
  const project = await openProject(newer, { backupEveryMs: 0 });
  project.db.pragma('user_version = 99');
  await project.close();
  expect(await page.fails('project.open', { folder: await page.grant(newer) })).toMatchObject({
    code: 'bad-project',
    message: expect.stringContaining('newer version'),
  });
  // None at all.
  const none = await page.grant(tempFolder());
  expect(await page.fails('project.open', { folder: none })).toMatchObject({ code: 'not-found' });
  const { project: still } = await page.call('project.state', {});
  expect(still?.session).toBe(second.project.session);
  expect((await page.call('images.list', {})).images.map(({ path }) => path)).toEqual(['b.png']);
});

test('opening what is open already joins it: a second page keeps the session', async () => {
  const page = startProjectApp();
  const { folder, project } = await withProject(page, 'a.png');
  const again = await page.call('project.open', { folder: await page.grant(folder) });
  expect(again.project?.session).toBe(project.session);
});

test('a project that is open in another application is refused, and named', async () => {
  const one = startProjectApp();
  const { folder } = await withProject(one, 'a.png');
  const other = startProjectApp();
  const handle = await other.grant(folder);
  expect(await other.fails('project.open', { folder: handle })).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('open already'),
  });
  expect(await other.call('project.state', {})).toEqual({ project: null });
  await one.call('project.close', {});
  expect(await one.call('project.state', {})).toEqual({ project: null });
  expect(one.heard('project.state').at(-1)).toEqual({ project: null });
  expect((await other.call('project.open', { folder: handle })).project?.folder).toBe(folder);
});

test('without a project every method that needs one says so', async () => {
  const page = startProjectApp();
  const none = { code: 'not-found', message: 'No project is open.' };
  expect(await page.fails('images.list', {})).toMatchObject(none);
  expect(await page.fails('project.export', {})).toMatchObject(none);
  expect(await page.fails('project.stats', {})).toMatchObject(none);
  expect(await page.fails('image.encode', { image: { id: 1 } })).toMatchObject(none);
  expect(await page.app.images('1')).toBeNull();
  expect(await page.app.exports('x.json')).toBeNull();
  await page.call('project.close', {});
});

test('recent projects: the last first, the sample always, gone ones marked, forgotten ones not', async () => {
  const page = startProjectApp();
  const first = await withProject(page, 'a.png');
  const second = await withProject(page, 'b.png');
  const names = async () =>
    (await page.call('project.recent', {})).projects.map(({ folder, present }) => [folder, present]);
  const sample = [join(page.home, 'projects', 'Sample'), true];
  expect(await names()).toEqual([[second.folder, true], [first.folder, true], sample]);
  const { projects } = await page.call('project.recent', {});
  expect(projects.map(({ sample }) => sample)).toEqual([false, false, true]);
  // Another start of the application, after the first one's folder was moved away.
  await page.app.close();
  await rename(first.folder, `${first.folder}-moved`);
  const later = startProjectApp(page.home);
  expect((await later.call('project.recent', {})).projects.map(({ present }) => present)).toEqual([true, false, true]);
  expect(await later.fails('project.open', { recent: projects[1]!.id })).toMatchObject({ code: 'not-found' });
  await later.call('project.forget', { recent: projects[1]!.id });
  expect((await later.call('project.recent', {})).projects.map(({ folder }) => folder)).toEqual([
    second.folder,
    sample[0],
  ]);
  expect((await later.call('project.open', { recent: projects[0]!.id })).project?.folder).toBe(second.folder);
  expect(await later.fails('project.open', { recent: 'made-up' })).toMatchObject({ code: 'not-found' });
});

test('the sample is there at first start, with work to do, and keeps what a person did', async () => {
  const page = startProjectApp();
  const { projects } = await page.call('project.recent', {});
  expect(projects).toMatchObject([{ sample: true, present: true }]);
  const { project } = await page.call('project.open', { recent: projects[0]!.id });
  expect(project).toMatchObject({ name: 'Sample', images: 8 });
  const { images } = await page.call('images.list', {});
  expect(images.map(({ state, status }) => [state, status])).toEqual([
    ['open', 'present'],
    ...Array.from({ length: 7 }, () => ['new', 'present']),
  ]);
  const scene = images[0]!;
  const { queries, proposals, instances } = await page.call('image.read', { imageId: scene.id });
  expect(queries.map(({ status, noTarget }) => [status, noTarget])).toEqual([
    ['proposed', false],
    ['accepted', false],
    ['accepted', true],
  ]);
  expect(instances).toHaveLength(1);
  expect((await page.call('project.check', {})).findings).toEqual([]);
  const pending = proposals.filter(({ status }) => status === 'pending');
  expect(pending.length).toBeGreaterThanOrEqual(3);
  await page.call('proposal.accept', { proposalId: pending[0]!.id });
  await page.call('project.close', {});
  await page.call('project.open', { recent: projects[0]!.id });
  expect((await page.call('image.read', { imageId: scene.id })).instances).toHaveLength(2);
});

test('a read-only place says so; nothing is open then, and nothing is left there', async (context) => {
  const page = startProjectApp();
  const into = join(tempFolder(), 'locked');
  if (isRoot && !smallDisk(into, 'ro')) context.skip('root may write everywhere, and no read-only disk can be mounted');
  if (!isRoot) await mkdir(into, { mode: 0o555 });
  const photos = await page.grant(await photosIn(tempFolder(), 'a.png'));
  expect(await page.fails('project.create', { photos, into: await page.grant(into) })).toMatchObject({
    code: 'io',
    hint: expect.stringContaining('where you may write'),
  });
  expect(readdirSync(into)).toEqual([]);
  expect(await page.call('project.state', {})).toEqual({ project: null });
});

test('a settings file that is damaged keeps nobody from working', async () => {
  const home = tempFolder();
  writeFileSync(join(home, 'settings.json'), '{ "recentProjects": 7');
  const page = startProjectApp(home);
  const { folder } = await withProject(page, 'a.png');
  expect((await page.call('project.recent', {})).projects[0]).toMatchObject({ folder });
  // Nor one that cannot be written.
  rmSync(join(home, 'settings.json'));
  const broken = startProjectApp(tempFolder(), {
    get: () => undefined,
    set: () => {
      throw new Error('the disk is full');
    },
  });
  await photo(tempFolder(), 'b.png');
  await withProject(broken, 'c.png');
  expect(broken.logged.join()).toContain('recentProjects was not stored');
});

test('nothing of this user is touched until it is needed', async () => {
  const home = join(tempFolder(), 'not yet');
  const page = startProjectApp(home);
  await page.call('project.state', {});
  await page.call('models.list', {});
  expect(existsSync(home)).toBe(false);
});
