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
    if (base) context.drawImage(base, 0, 0, side, side);
    return context.getImageData(0, 0, side, side).data.join();
  };
  const text = () => document.querySelector('.query-band-text')?.textContent ?? '';
  const photo = () => document.querySelector('.canvas-host')?.getAttribute('aria-label') ?? '';
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
        if (text() === before.text || (otherPhoto && pixels() === before.pixels)) {
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

/** "48 keys, median 31 ms, 95 % below 70 ms" of the steps to another photo since the last call. */
export async function paceOf(page: Page): Promise<string> {
  const paces = await page.evaluate(() => window.paces.splice(0));
  const times = paces
    .filter(({ otherPhoto }) => otherPhoto)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? Number.NaN).toFixed(0);
  return `${times.length} times another photo, median ${at(0.5)} ms, 95 % below ${at(0.95)} ms, longest ${at(1)} ms`;
}
