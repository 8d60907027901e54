/** @file How fast a stage goes on, measured in the page: from a key to the frame that shows the next query and photo. */
import type { Page } from 'playwright-core';

type Pace = { readonly ms: number; readonly otherPhoto: boolean };
declare global {
  interface Window {
    paces: Pace[];
  }
}

/**
 * Runs in the page (`addInitScript`). Whatever key ends a query starts a clock; it stops in the frame where the text is
 * another one and, where the photo is too, the pixels of the canvas are.
 */
export function installPace(): void {
  const side = 24;
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const pixels = () => {
    context.clearRect(0, 0, side, side);
    const base = document.querySelector<HTMLCanvasElement>('.canvas-host canvas');
    if (!base) return '';
    context.drawImage(base, 0, 0, side, side);
    return context.getImageData(0, 0, side, side).data.join();
  };
  const shown = '.query-band-text, .candidate[aria-current=true] .candidate-text';
  const text = () => document.querySelector(shown)?.textContent ?? '';
  const photo = () => document.querySelector('.canvas-host, .box-photo-svg')?.getAttribute('aria-label') ?? '';
  let current = 0;
  window.paces = [];
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      current += 1;
      const mine = current;
      const before = { text: text(), photo: photo(), pixels: pixels() };
      const look = () => {
        if (mine !== current) return;
        const otherPhoto = photo() !== before.photo;
        // While queries are written the photo is a picture of the document, and no canvas.
        const isDrawn = !otherPhoto || before.pixels === '' || pixels() !== before.pixels;
        if (text() === before.text || !isDrawn) {
          requestAnimationFrame(look);
          return;
        }
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          if (text() !== '') window.paces.push({ ms: performance.now() - timeStamp, otherPhoto });
        };
        channel.port2.postMessage(null);
      };
      if (before.text !== '') requestAnimationFrame(look);
    },
    true,
  );
}

/** "another photo 48 times, median 31 ms, ..." of the steps since the last call. */
export async function paceOf(page: Page): Promise<string> {
  const paces = await page.evaluate(() => window.paces.splice(0));
  const told = (otherPhoto: boolean) => {
    const times = paces.flatMap((pace) => (pace.otherPhoto === otherPhoto ? [pace.ms] : [])).sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? Number.NaN).toFixed(0);
    const photo = otherPhoto ? 'another' : 'the same';
    return `${photo} photo ${times.length} times, median ${at(0.5)} ms, 95 % below ${at(0.95)}, longest ${at(1)}`;
  };
  return `key to next query on ${told(true)}; on ${told(false)}`;
}
