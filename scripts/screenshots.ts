/**
 * @file The pictures of the screen in docs/screens, taken from the page as it is: the sample project in Chromium.
 *
 *   npm run screenshots [-- FOLDER]
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { encodeRle } from '../src-main/contract/rle.ts';
import { stageNames } from '../src-renderer/document/stages.ts';
import { launch } from '../test/e2e/browser.ts';
import { type Server, startServer, temporary } from '../test/e2e/server.ts';
import { ensureBuilt } from './build.ts';

const out = resolve(process.argv[2] ?? join(import.meta.dirname, '../docs/screens'));
const size = { width: 1280, height: 720 };

await ensureBuilt('page');
await mkdir(out, { recursive: true });
const { folder: home, remove } = await temporary();
const server = await startServer(home);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'light' });
  await page.goto(server.address);
  await tour(page);
  await stages(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, 'review-dark', 400);
  await manyMasks(page, server);
} finally {
  await browser.close();
  await server.kill('SIGTERM');
  await remove();
}

async function shot(page: Page, name: string, settleMs = 700): Promise<void> {
  await page.mouse.move(size.width / 2, 2);
  await page.waitForTimeout(settleMs);
  await sharp(await page.screenshot())
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4', mozjpeg: true })
    .toFile(join(out, `${name}.jpg`));
}

function keyOf(stage: (typeof stageNames)[number]): string {
  return `Shift+Digit${stageNames.indexOf(stage) + 1}`;
}

async function tour(page: Page): Promise<void> {
  const ready = () => page.getByText(/^Ready/).waitFor({ timeout: 120_000 });
  const sheet = async (open: () => Promise<unknown>, name: string) => {
    await open();
    await shot(page, name, 1200);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(300);
  };
  await page.getByRole('button', { name: 'Try it' }).waitFor();
  await shot(page, 'start');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText(/Encoding|Waiting to encode/).waitFor();
  await shot(page, 'encoding', 300);
  await ready();
  await page.getByRole('navigation', { name: 'Images' }).getByText('scene-1.jpg').click();
  await page.getByRole('application', { name: 'Photo scene-1.jpg' }).waitFor();
  await ready();
  await shot(page, 'review', 1500);
  await sheet(() => page.keyboard.press('F1'), 'keys');
  await sheet(() => page.keyboard.press('Control+Comma'), 'settings');
  await sheet(
    () =>
      page
        .getByRole('button', { name: /^Models/ })
        .first()
        .click(),
    'models',
  );
  await sheet(() => page.keyboard.press('Control+KeyE'), 'export');
  // A mask by hand, on a picture that has queries to try: a point on the pumpkin at the left, one beside it.
  await page.getByRole('navigation', { name: 'Images' }).getByText('scene-2.jpg').click();
  await page.getByRole('application', { name: 'Photo scene-2.jpg' }).waitFor();
  await ready();
  const { x, y, width, height } = (await page.getByRole('application').boundingBox())!;
  const picture = { width: 1024, height: 768 };
  const scale = Math.min(width / picture.width, height / picture.height);
  const at = (left: number, top: number): [number, number] => [
    x + width / 2 + (left - 0.5) * picture.width * scale,
    y + height / 2 + (top - 0.5) * picture.height * scale,
  ];
  await page.mouse.click(...at(0.13, 0.72));
  await page.getByText('not stored yet').waitFor({ timeout: 60_000 });
  await page.mouse.click(...at(0.32, 0.72), { button: 'right' });
  await shot(page, 'clicks', 3000);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
}

/** The screens of a dataset: verdicts, masks for queries, figures. */
async function stages(page: Page): Promise<void> {
  await page.keyboard.press(keyOf('review'));
  await page.getByRole('form', { name: 'Who reviews?' }).waitFor();
  await page.keyboard.type('Ann');
  await page.keyboard.press('Enter');
  await page.locator('.query-band-text').waitFor();
  await shot(page, 'validate', 1500);
  await page.keyboard.press('Enter');
  await page.getByText('1 passed').waitFor();
  for (const stage of ['align', 'figures'] as const) {
    await page.keyboard.press(keyOf(stage));
    await shot(page, stage, 2500);
  }
  await page.keyboard.press(keyOf('annotate'));
}

/** 500 masks on one photo, each stored as a person's would be. */
async function manyMasks(page: Page, host: Server): Promise<void> {
  const { images } = await host.call('images.list', { filter: { text: 'scene-5' } });
  const { id: imageId, width, height } = images[0]!;
  const [columns, rows] = [25, 20];
  for (let k = 0; k < columns * rows; k++) {
    const data = new Uint8Array(width * height);
    const [cx, cy] = [((k % columns) + 0.5) * (width / columns), (Math.floor(k / columns) + 0.5) * (height / rows)];
    const radius = Math.min(width / columns, height / rows) * (0.3 + 0.3 * Math.abs(Math.sin(k)));
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius); y++) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(width, cx + radius); x++) {
        if (Math.hypot(x + 0.5 - cx, y + 0.5 - cy) < radius) data[y * width + x] = 1;
      }
    }
    await host.call('instance.add', { imageId, rle: encodeRle({ width, height, data }) });
  }
  await page.getByRole('navigation', { name: 'Images' }).getByText('scene-5.jpg').click();
  await page.getByRole('application', { name: 'Photo scene-5.jpg' }).waitFor();
  await shot(page, 'many-masks-dark', 3000);
}
