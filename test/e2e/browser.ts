/** @file A real Chromium on the real page. Whatever the console complains about is kept: a test ends by looking at it. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath =
  process.env['NOVO_CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** @param args more of Chromium's own switches. */
export async function launch(args: readonly string[] = []): Promise<Browser> {
  if (!executablePath)
    throw new Error('There is no Chromium: install it (apt-get install chromium) or set NOVO_CHROMIUM.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...args] });
}

export type Opened = { readonly page: Page; readonly context: BrowserContext; readonly complaints: string[] };

let last: Page | null = null;

/** The page that was opened last. */
export const lastPage = (): Page | null => last;

/** A page of its own context, as another person's browser would be. */
export async function openPage(
  browser: Browser,
  address: string,
  size = { width: 1280, height: 720 },
): Promise<Opened> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  last = page;
  await page.goto(address);
  return { page, context, complaints };
}
