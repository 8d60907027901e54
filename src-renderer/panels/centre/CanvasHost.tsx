/** @file The element that the photo is drawn in; what happens in it is the canvas binding's business. */
import { useEffect, useRef } from 'react';
import { bindCanvas } from '../../tools/canvas-binding.ts';
import { useApp, useAppState } from '../app-context.ts';

export function CanvasHost() {
  const app = useApp();
  const box = useRef<HTMLDivElement>(null);
  const wish = useAppState((state) => state.focus);
  const path = useAppState((state) => state.open?.document.image.path ?? null);
  useEffect(() => (box.current ? bindCanvas(app, box.current) : undefined), [app]);
  useEffect(() => {
    if (wish.place === 'canvas') box.current?.focus({ preventScroll: true });
  }, [wish]);
  return (
    <div
      ref={box}
      className="canvas-host"
      role="application"
      aria-label={path ? `Photo ${path}` : 'No image'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the review work here, so it can have the focus.
      tabIndex={0}
    />
  );
}
