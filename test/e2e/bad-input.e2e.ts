/** @file What goes wrong in real folders and hands: a clear message on the page each time, and the page stays usable. */
import { chmod, chown, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { createProject } from '../../src-main/store/project.ts';
import { launch, openPage } from './browser.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

/** Root may do everything, so what is refused is tried as nobody. */
const user = process.getuid?.() === 0 ? 65534 : undefined;
const patient = { timeout: 15_000 };
const names = ['책상 위의 컵 #1 100%.jpg', `it's "quoted" & <b>.jpg`, `${'가'.repeat(83)}ab.jpg`];

let browser: Browser;
let server: Server;
let home: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: home, remove } = await temporary());
  await putPhotos(join(home, 'photos'), 4);
  await mkdir(join(home, 'names'));
  for (const name of names) {
    const image = sharp({ create: { width: 320, height: 240, channels: 3, background: 'teal' } });
    await writeFile(join(home, 'names', name), await image.jpeg().toBuffer());
  }
  await mkdir(join(home, 'closed'), { mode: 0o000 });
  server = await startServer(home, { user });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill('SIGTERM');
  await remove?.();
});

const photoNamed = (page: Page, name: string) => page.getByRole('application', { name: `Photo ${name}`, exact: true });
const alert = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text }).waitFor(patient);

/** Through the chooser of the start screen. */
async function openProjectFolder(page: Page, ...path: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'Open a project folder' }).click();
  for (const [at, name] of path.entries()) {
    await page.getByRole('button', { name: new RegExp(`^${name}( project)?$`) }).click();
    await page.getByTitle(join(home, ...path.slice(0, at + 1)), { exact: true }).waitFor();
  }
  await page.getByText(`"${path.at(-1)}" is a project.`).waitFor();
  await page.getByRole('button', { name: 'Open this project' }).click();
}

async function newProject(name: string): Promise<void> {
  await server.call('project.create', { photos: await folderHandle(server, name) });
  await server.call('project.scan', {});
}

async function closed(): Promise<void> {
  await server.call('project.close', {}).catch(() => undefined);
}

test('names in Korean, with #, %, quotes and of 255 bytes are listed, opened and shown', async () => {
  await newProject('names');
  const { page, context, complaints } = await openPage(browser, server.address);
  for (const name of names) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    await page.getByRole('option').filter({ hasText: name }).click();
    await photoNamed(page, name).waitFor();
    await page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
    const thumbnail = page.getByRole('option').filter({ hasText: name }).locator('img');
    await expect.poll(() => thumbnail.evaluate((img: HTMLImageElement) => img.naturalWidth), patient).toBe(128);
    await expect.poll(() => shownColour(page), patient).toBe('teal');
  }
  expect(Buffer.byteLength(names[2]!)).toBe(255);
  expect(complaints).toEqual([]);
  await context.close();
});

/** What is seen in the middle of the canvas: the pictures of `names` are all teal. */
async function shownColour(page: Page): Promise<string> {
  const picture = sharp(await page.getByRole('application').screenshot());
  const { width, height } = await picture.metadata();
  const middle = { left: width >> 1, top: height >> 1, width: 1, height: 1 };
  const [red = 0, green = 0, blue = 0] = await picture.extract(middle).removeAlpha().raw().toBuffer();
  return red < 30 && green > 100 && blue > 100 ? 'teal' : `${red} ${green} ${blue}`;
}

test('a megabyte pasted into the query box is cut with a word, and nothing hangs', async () => {
  const drafts = async () => (await server.call('project.stats', {})).queries.draft;
  const before = await drafts();
  const { page, context, complaints } = await openPage(browser, server.address);
  const box = page.getByRole('textbox', { name: 'Query about this image' });
  await box.click();
  const start = performance.now();
  await page.keyboard.insertText('what is this? '.repeat(75_000));
  await page.getByText('its last 1,040,000 characters were cut off').waitFor(patient);
  expect((await box.inputValue()).length).toBe(10_000);
  await page.keyboard.press('Enter');
  await expect.poll(drafts, patient).toBe(before + 1);
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a photo that is deleted while it is open: said on the page, annotations kept, the next one opens', async () => {
  await newProject('photos');
  const { images } = await server.call('images.list', {});
  const { id, width, height } = images[0]!;
  const { queryId } = await server.call('query.add', { imageId: id, text: 'what stands out?' });
  const rle = encodeRle({ width, height, data: new Uint8Array(width * height).fill(1, 0, 9000) });
  await server.call('instance.add', { imageId: id, queryIds: [queryId], rle });
  const { page, context } = await openPage(browser, server.address);
  await page.getByRole('option').filter({ hasText: 'photo 1.jpg' }).click();
  await photoNamed(page, 'photo 1.jpg').waitFor();
  await page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
  await rm(join(home, 'photos', 'photo 1.jpg'));
  await page.keyboard.press('KeyD');
  await photoNamed(page, 'photo 2.jpg').waitFor();
  await page.keyboard.press('KeyA');
  await photoNamed(page, 'photo 1.jpg').waitFor();
  await page
    .getByText(/photo 1\.jpg.*(not there|missing|gone)|file of this image is missing/i)
    .first()
    .waitFor(patient);
  // What was made stays to be seen, and to be worked on.
  await expect
    .poll(
      () =>
        page
          .getByRole('region', { name: /^Masks of this query/ })
          .getByRole('listitem')
          .count(),
      patient,
    )
    .toBe(1);
  await page.keyboard.press('KeyD');
  await photoNamed(page, 'photo 2.jpg').waitFor();
  await page.getByText(/^Ready/).waitFor({ timeout: 60_000 });
  expect((await server.call('image.read', { imageId: id })).instances).toHaveLength(1);
  await context.close();
});

test('calls of the page with wrong types are refused, and change nothing', async () => {
  const before = await server.call('project.stats', {});
  const { page, context } = await openPage(browser, server.address);
  const call = (method: string, body: string) =>
    page.evaluate(
      async ([name, text]) => {
        const authorization = `Bearer ${sessionStorage.getItem('novo-token')}`;
        const headers = { authorization, 'content-type': 'application/json' };
        const answer = await fetch(`/rpc/${name}`, { method: 'POST', headers, body: text! });
        const { ok, error } = await answer.json();
        return { ok, code: error?.code, message: error?.message };
      },
      [method, body],
    );
  expect(await call('project.stats', '{}')).toMatchObject({ ok: true });
  const wrong: readonly (readonly [method: string, body: string])[] = [
    ['query.add', '{"imageId":"1","text":"x"}'],
    ['query.add', '{"imageId":1,"text":{"toString":"x"}}'],
    ['query.add', '{"imageId":1e400,"text":"x"}'],
    ['query.add', '[1,2,3]'],
    ['query.add', 'null'],
    ['query.add', '{"imageId":1,"text":'],
    ['query.delete', '{"queryId":-1}'],
    ['instance.add', '{"imageId":1,"rle":{"size":[1e9,1e9],"counts":"x"}}'],
    ['instance.add', '{"imageId":1,"rle":{"size":[4,4],"counts":[1,2,3]}}'],
    ['settings.write', '{"theme":"<script>"}'],
    ['project.open', '{"folder":"../../etc"}'],
    ['project.open', '{"folder":"/etc","recent":"x"}'],
    ['images.list', '{"limit":1000000000}'],
  ];
  for (const [method, body] of wrong) {
    const answer = await call(method, body);
    expect(answer, `${method} ${body}`).toMatchObject({ ok: false, code: 'bad-request' });
    expect(answer.message, body).not.toMatch(/\bat .*\.ts|Zod|undefined is not/);
  }
  expect(await call('constructor', '{}')).toMatchObject({ ok: false });
  expect(await call('__proto__', '{}')).toMatchObject({ ok: false });
  expect(await server.call('project.stats', {})).toEqual(before);
  await context.close();
});

test('a newer project and damaged ones are refused on the start screen, which stays usable', async () => {
  await closed();
  for (const name of ['newer', 'damaged', 'cut']) {
    const project = await createProject(join(home, name), { backupEveryMs: 0 });
    if (name === 'newer') project.db.pragma('user_version = 999');
    await project.close();
  }
  const database = (name: string) => join(home, name, 'project.sqlite');
  await writeFile(database('damaged'), Buffer.alloc(3 * 4096, 'x'), { flag: 'r+' });
  await truncate(database('cut'), 9000);
  await theirs('newer', 'damaged', 'cut');

  const { page, context, complaints } = await openPage(browser, server.address);
  await openProjectFolder(page, 'newer');
  await alert(page, /newer/);
  await openProjectFolder(page, 'damaged');
  await alert(page, /not a database|damaged/);
  await openProjectFolder(page, 'cut');
  await alert(page, /damaged/);
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('application', { name: /^Photo / }).waitFor(patient);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a project that another host has open is refused with who has it', async () => {
  await closed();
  const other = await startServer(join(home, 'novo'), { user });
  try {
    await mkdir(join(home, 'novo', 'photos'));
    await other.call('project.create', { photos: await folderHandle(other, 'photos'), name: 'shared' });
    const { project } = await other.call('project.state', {});
    const { page, context } = await openPage(browser, server.address);
    await openProjectFolder(page, ...project!.folder.slice(home.length + 1).split('/'));
    await alert(page, /is open already by process \d+/);
    await page.getByText('Close it there first').waitFor();
    await other.call('project.close', {});
    await openProjectFolder(page, ...project!.folder.slice(home.length + 1).split('/'));
    await page.getByRole('button', { name: 'shared' }).waitFor(patient);
    await context.close();
  } finally {
    await other.kill('SIGTERM');
  }
});

test('a folder that may not be read, and a place that may not be written', async () => {
  await closed();
  const { page, context } = await openPage(browser, server.address);
  await page.getByRole('button', { name: 'New from a folder of photos' }).click();
  await page.getByRole('button', { name: /^closed/ }).click();
  await alert(page, /closed cannot be read: this user may not open it/);
  await page.getByRole('button', { name: 'Back to the beginning' }).click();
  await page.getByRole('button', { name: /^photos/ }).click();
  await page.getByRole('button', { name: 'Use this folder' }).click();

  const projects = join(home, 'novo', 'projects');
  await chmod(projects, 0o555);
  try {
    await page.getByRole('textbox', { name: 'Name of the project' }).fill('nowhere');
    await page.getByRole('button', { name: 'Create and open' }).click();
    await alert(page, /nowhere cannot be made/);
  } finally {
    await chmod(projects, 0o755);
  }
  // The same form works as soon as the place does.
  await page.getByRole('button', { name: 'Create and open' }).click();
  await page.getByRole('button', { name: 'nowhere' }).waitFor(patient);
  await context.close();
});

/** Gives folders that root made to the user that the host runs as. */
async function theirs(...folders: readonly string[]): Promise<void> {
  if (user === undefined) return;
  for (const folder of folders) {
    await chown(join(home, folder), user, user);
    for (const name of await readdir(join(home, folder))) await chown(join(home, folder, name), user, user);
  }
}
