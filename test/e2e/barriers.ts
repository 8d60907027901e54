/** @file What keeps people out of a page, found by axe once nothing on it moves any more. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * The serious and critical problems: rule, what is wrong, and the elements. What fades in, or changes its colour, is judged
 * as it will stay: on its way axe would measure a contrast that nobody has to read.
 */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    // Three times: on a busy machine another scheme of colours is drawn, and begins to fade in, some frames later.
    for (let round = 0; round < 3; round++) {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      for (const animation of document.getAnimations()) {
        if (animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) animation.finish();
      }
    }
  });
  // As an expression and not as a script element, which the page's policy refuses.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await run({ resultTypes: ['violations'] });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const element = ({ html, any }: (typeof serious)[number]['nodes'][number]) =>
      `  ${html.slice(0, 300)} ${any[0]?.message ?? ''}`;
    return serious.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(element).join('\n')}`);
  });
}
