/**
 * @file The two Fabric canvases, one above the other under one view: below the photo with the committed masks, above what
 * changes under the hand. Each Fabric object is a layer; there is none for a mask, a dab or a prompt.
 */
import { FabricObject, StaticCanvas } from 'fabric';
import { around, intersection, type Rect, rectOf } from './rect.ts';
import type { View } from './types.ts';
import { matrixOf, type Size } from './viewport.ts';

/** What a layer gets to draw with. The context is in image pixels, clipped to what has to be drawn. */
export type Frame = {
  readonly context: CanvasRenderingContext2D;
  /** Image pixels that are to be drawn: a layer need not touch more. */
  readonly visible: Rect;
  readonly view: View;
  /** The host element in CSS pixels. */
  readonly screen: Size;
  /** Device pixels for a CSS pixel. */
  readonly ratio: number;
  /** Image point (0, 0) in CSS pixels. */
  readonly origin: { readonly x: number; readonly y: number };
};

export type Layer = (frame: Frame) => void;

export type Stage = {
  readonly screen: () => Size;
  readonly ratio: () => number;
  readonly setView: (view: View) => void;
  /** Reads the host's size and the screen's ratio again. @returns whether one changed; both canvases are empty then. */
  readonly measure: () => boolean;
  readonly drawBase: () => void;
  /** The whole upper canvas, or one rectangle of it (CSS pixels). */
  readonly drawTop: (part: Rect | null) => void;
  readonly destroy: () => void;
};

/** A layer as Fabric knows objects: drawn in its turn, without a cache, a shadow or a target of its own. */
class LayerObject extends FabricObject {
  private readonly draw: (context: CanvasRenderingContext2D) => void;

  constructor(draw: (context: CanvasRenderingContext2D) => void) {
    super({ objectCaching: false, selectable: false, evented: false });
    this.draw = draw;
  }

  override render(context: CanvasRenderingContext2D): void {
    context.save();
    this.draw(context);
    context.restore();
  }
}

export function createStage(host: HTMLElement, base: readonly Layer[], top: readonly Layer[]): Stage {
  let view: View = { zoom: 1, x: 0, y: 0 };
  let screen: Size = { width: 0, height: 0 };
  let ratio = window.devicePixelRatio;
  let part: Rect | null = null;

  const toLayer = (layer: Layer) =>
    new LayerObject((context) => {
      const [zoom, , , , x, y] = matrixOf(view, screen, ratio);
      const drawn = part ?? rectOf(screen.width, screen.height);
      const visible = around(
        (drawn.x1 - x) / zoom,
        (drawn.y1 - y) / zoom,
        (drawn.x2 - x) / zoom,
        (drawn.y2 - y) / zoom,
      );
      layer({ context, visible, view, screen, ratio, origin: { x, y } });
    });
  const lower = newCanvas(host, base.map(toLayer));
  const upper = newCanvas(host, top.map(toLayer));

  const draw = (canvas: StaticCanvas) => {
    canvas.viewportTransform = matrixOf(view, screen, ratio);
    if (part === null) {
      canvas.renderAll();
      return;
    }
    // As Fabric's renderAll, for one rectangle only.
    const context = canvas.getContext();
    context.save();
    context.beginPath();
    context.rect(part.x1, part.y1, part.x2 - part.x1, part.y2 - part.y1);
    context.clip();
    context.clearRect(part.x1, part.y1, part.x2 - part.x1, part.y2 - part.y1);
    context.transform(...canvas.viewportTransform);
    for (const object of canvas.getObjects()) object.render(context);
    context.restore();
  };

  return {
    screen: () => screen,
    ratio: () => ratio,
    setView: (next) => {
      view = next;
    },
    measure: () => {
      const next = { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) };
      const same = next.width === screen.width && next.height === screen.height && ratio === window.devicePixelRatio;
      if (same) return false;
      screen = next;
      ratio = window.devicePixelRatio;
      for (const canvas of [lower, upper]) {
        canvas.setDimensions(screen);
        canvas.cancelRequestedRender(); // frames.ts says when to draw
      }
      return true;
    },
    drawBase: () => {
      part = null;
      draw(lower);
    },
    drawTop: (rect) => {
      // Outwards to whole CSS pixels and so, at the usual ratios, to whole device pixels: clips with soft edges leave lines.
      part = rect === null ? null : intersection(aligned(rect, ratio), rectOf(screen.width, screen.height));
      if (rect === null || part !== null) draw(upper);
      part = null;
    },
    destroy: () => {
      for (const canvas of [lower, upper]) {
        const element = canvas.getElement();
        void canvas.dispose();
        // The pixels go now, not when the collector finds the canvas.
        element.width = 0;
        element.height = 0;
        element.remove();
      }
    },
  };
}

/** A rectangle of CSS pixels, outwards to whole device pixels. */
function aligned({ x1, y1, x2, y2 }: Rect, ratio: number): Rect {
  return {
    x1: Math.floor(x1 * ratio) / ratio,
    y1: Math.floor(y1 * ratio) / ratio,
    x2: Math.ceil(x2 * ratio) / ratio,
    y2: Math.ceil(y2 * ratio) / ratio,
  };
}

function newCanvas(host: HTMLElement, layers: readonly FabricObject[]): StaticCanvas {
  const element = document.createElement('canvas');
  element.setAttribute('aria-hidden', 'true');
  host.append(element);
  const canvas = new StaticCanvas(element, { renderOnAddRemove: false, skipOffscreen: false });
  // Over each other, and no target: the host element has the listeners.
  Object.assign(element.style, { position: 'absolute', left: '0', top: '0', pointerEvents: 'none' });
  canvas.add(...layers);
  return canvas;
}
