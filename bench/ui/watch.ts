/**
 * @file What is measured inside the page: from a key press to the frame in which something is seen. The pixels of the
 * canvas are looked at in every frame, so nothing of the application has to cooperate. A time ends when the frame was
 * painted: a message that is sent from a frame's callback is read after that. So it is too long by up to one frame.
 */

export type Rgb = readonly [red: number, green: number, blue: number];

export type Watch = {
  /** From the next press of `code` until the middle of the canvas has this colour. `seen` tells. */
  readonly colour: (code: string, wanted: Rgb) => void;
  /** From the next press of `code` until the canvas looks otherwise than at that moment. */
  readonly change: (code: string) => void;
  /** `performance.now()` of the press (as the browser got it) and of the painted frame. */
  readonly seen: () => Promise<{ readonly pressed: number; readonly painted: number }>;
};

declare global {
  interface Window {
    watch: Watch;
  }
}

/** Runs in the page (`addInitScript`), so it stands alone. */
export function installWatch(): void {
  const canvas = document.createElement('canvas');
  const side = 48;
  [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingEnabled = false;
  const layers = () => [...document.querySelectorAll<HTMLCanvasElement>('.canvas-host canvas')];

  const middle = (): Uint8ClampedArray => {
    const [base] = layers();
    context.clearRect(0, 0, 1, 1);
    if (base) context.drawImage(base, base.width >> 1, base.height >> 1, 1, 1, 0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  /** Points of the whole picture, all layers. */
  const grid = (): Uint8ClampedArray => {
    context.clearRect(0, 0, side, side);
    for (const layer of layers()) context.drawImage(layer, 0, 0, side, side);
    return context.getImageData(0, 0, side, side).data;
  };
  const differs = (a: ArrayLike<number>, b: ArrayLike<number>, by: number) => {
    for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > by) return true;
    return false;
  };

  let result = Promise.withResolvers<{ pressed: number; painted: number }>();
  const arm = (code: string, begin: () => () => boolean) => {
    result = Promise.withResolvers();
    const { resolve } = result;
    const down = (event: KeyboardEvent) => {
      if (event.code !== code) return;
      removeEventListener('keydown', down, true);
      const pressed = event.timeStamp;
      const isSeen = begin();
      const look = () => {
        if (!isSeen()) return void requestAnimationFrame(look);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve({ pressed, painted: performance.now() });
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    };
    addEventListener('keydown', down, true);
  };
  window.watch = {
    colour: (code, wanted) => arm(code, () => () => !differs(middle().subarray(0, 3), wanted, 24)),
    change: (code) =>
      arm(code, () => {
        const before = grid();
        return () => differs(grid(), before, 24);
      }),
    seen: () => result.promise,
  };
}
