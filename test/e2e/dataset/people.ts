/** @file People at the stages, with the keyboard alone: each looks at what the page shows, and waits for what it shows next. */
import type { Page } from 'playwright-core';

/** The query on screen; null where none waits. In one look: a list that is read anew shows neither for a moment. */
async function shownQuery(page: Page): Promise<string | null> {
  const seen = await page.waitForFunction(() => {
    const band = document.querySelector('.query-band-text');
    if (band) return { text: band.textContent };
    return document.querySelector('.decide-empty h2') ? { text: null } : null;
  });
  return (await seen.jsonValue())!.text;
}

const otherThan = (page: Page, text: string) =>
  page.waitForFunction((before) => {
    const band = document.querySelector('.query-band-text');
    return band ? band.textContent !== before : document.querySelector('.decide-empty h2') !== null;
  }, text);

/**
 * Works through a queue until it is empty or `most` were done.
 * @param keys of a query: the last one brings the next query.
 * @returns the texts in the order in which they came.
 */
export async function workThrough(
  page: Page,
  keys: (text: string) => readonly (string | (() => Promise<void>))[],
  most = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < most) {
    const text = await shownQuery(page);
    if (text === null) return seen;
    seen.push(text);
    try {
      for (const key of keys(text)) {
        if (typeof key === 'string') await page.keyboard.press(key);
        else await key();
      }
      await otherThan(page, text);
    } catch (cause) {
      throw new Error(`The page did not go on from "${text}", query ${seen.length}.`, { cause });
    }
  }
  return seen;
}

/** Keeps every candidate without a flag and drops the others, as the page shows them. */
export async function sortCandidates(page: Page): Promise<{ kept: string[]; dropped: Map<string, string> }> {
  const kept: string[] = [];
  const dropped = new Map<string, string>();
  const list = page.getByRole('navigation', { name: 'Images with candidates' });
  const status = list.getByRole('status').first();
  for (;;) {
    const active = await page.evaluate(() => {
      const row = document.querySelector('.candidate[aria-current=true]');
      if (row?.getAttribute('data-state') !== 'new') return null;
      const flags = [...row.querySelectorAll('.candidate-flags strong')].map((flag) => flag.textContent ?? '');
      return { text: row.querySelector('.candidate-text')?.textContent ?? '', flags };
    });
    if (!active) {
      if (/; 0 wait/.test((await status.textContent()) ?? '')) return { kept, dropped };
      // The last one was decided and the counts follow, or the next image is on its way.
      await page.waitForFunction(
        () =>
          document.querySelector('.candidate[aria-current=true][data-state=new]') !== null ||
          /; 0 wait/.test(document.querySelector('.writing-list [role=status]')?.textContent ?? ''),
      );
      continue;
    }
    const { text, flags } = active;
    await page.keyboard.press(flags.length === 0 ? 'KeyK' : 'KeyX');
    if (flags.length === 0) kept.push(text);
    else dropped.set(text, flags.join(', '));
    await page.waitForFunction((before) => {
      const row = document.querySelector('.candidate[aria-current=true]');
      return row?.getAttribute('data-state') !== 'new' || row.querySelector('.candidate-text')?.textContent !== before;
    }, text);
  }
}
