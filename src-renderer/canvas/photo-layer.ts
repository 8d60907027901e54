/** @file Draws the part of the photo that is seen. */
import { sharpZoom } from './level.ts';
import type { Photo } from './photo.ts';
import { intersection, rectOf } from './rect.ts';
import type { Layer } from './stage.ts';
import type { ImageSource } from './types.ts';

export const photoLayer =
  (photo: Photo, image: () => ImageSource | null): Layer =>
  ({ context, visible, view, ratio }) => {
    const shown = image();
    const bitmap = photo.best(view.zoom * ratio);
    if (shown === null || bitmap === null) return;
    const scaleX = bitmap.width / shown.width;
    const scaleY = bitmap.height / shown.height;
    // A bitmap pixel more at each side, so that smoothing at the cut has its neighbours.
    const margin = Math.ceil(1 / Math.min(scaleX, scaleY));
    const { x1, y1, x2, y2 } = visible;
    const part = intersection(
      { x1: x1 - margin, y1: y1 - margin, x2: x2 + margin, y2: y2 + margin },
      rectOf(shown.width, shown.height),
    );
    if (part === null) return;
    const [width, height] = [part.x2 - part.x1, part.y2 - part.y1];
    context.imageSmoothingEnabled = !(view.zoom > sharpZoom && bitmap.width === shown.width);
    context.drawImage(
      bitmap,
      part.x1 * scaleX,
      part.y1 * scaleY,
      width * scaleX,
      height * scaleY,
      part.x1,
      part.y1,
      width,
      height,
    );
  };
