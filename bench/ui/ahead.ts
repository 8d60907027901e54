/** @file Waiting until the page has fetched ahead, and the engine rests. */
import type { Page } from 'playwright-core';

/** Resolves when the page has an answer to an encoding that it asked for ahead: pictures were fetched before that. */
export const fetchedAhead = (page: Page) =>
  page.waitForResponse(
    (response) => response.url().endsWith('/rpc/image.encode') && response.request().headers()['x-lane'] === 'prefetch',
    { timeout: 120_000 },
  );
