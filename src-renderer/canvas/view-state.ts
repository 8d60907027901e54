/** @file What the view of one image remembers beside its layers. */
import type { Box } from '../../src-main/contract/segmentation.ts';
import type { Brush } from './prompts-layer.ts';
import type { CanvasOptions, CanvasPrompts, CanvasTool, ImageSource, View } from './types.ts';

export type ViewState = {
  image: ImageSource | null;
  view: View;
  /** The view is the fitted one, and follows the host's size. */
  isFitted: boolean;
  tool: CanvasTool;
  prompts: CanvasPrompts;
  options: CanvasOptions;
  /** Of the brush, image pixels. */
  diameter: number;
  /** The box that is being dragged. */
  draft: Box | null;
  /** The brush's mark; null when the pointer is elsewhere. */
  brush: Brush | null;
  /** The mask that `onHover` told last. */
  hovered: string | null;
};
