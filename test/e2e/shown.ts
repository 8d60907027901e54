/** @file What a page showed when a test failed: it says more than a time-out does. */
import { afterEach } from 'vitest';
import { lastPage } from './browser.ts';

/** For a file of tests: where one fails, the words that its last page shows are printed. */
export function tellWhatWasShown(): void {
  afterEach(async ({ task }) => {
    const page = lastPage();
    if (task.result?.state !== 'fail' || !page || page.isClosed()) return;
    console.error(`The page shows:\n${await page.locator('body').innerText()}`);
  });
}
