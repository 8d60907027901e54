/** @file The tools above the photo; their names and keys come from the table of commands. */
import { Slider } from '@mantine/core';
import type { ToolName } from '../../document/state.ts';
import { setBrushSize } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import type { IconName } from '../icons.tsx';
import { CommandButton } from '../parts/CommandButton.tsx';
import { CleanMenu } from './CleanMenu.tsx';
import './centre.css';

const toolIcons: readonly (readonly [ToolName, IconName])[] = [
  ['point', 'point'],
  ['box', 'box'],
  ['brush', 'brush'],
  ['eraser', 'eraser'],
  ['pan', 'hand'],
];

export function Toolbar() {
  const tool = useAppState((state) => state.tool);
  const hidden = useAppState((state) => state.view.hidden);
  const zoom = useAppState((state) => state.view.zoom);
  return (
    <div className="toolbar" role="toolbar" aria-label="Tools">
      <div className="tool-group">
        {toolIcons.map(([name, icon]) => (
          <CommandButton key={name} id={`tool.${name}`} icon={icon} pressed={tool === name} />
        ))}
      </div>
      {tool === 'brush' || tool === 'eraser' ? <BrushSize /> : null}
      <div className="tool-group">
        <CommandButton id="mask.candidates" icon="cycle" />
        <CommandButton id="mask.shrink" icon="shrink" />
        <CommandButton id="mask.grow" icon="grow" />
        <CleanMenu />
        <CommandButton id="mask.delete" icon="trash" />
      </div>
      <div className="tool-group">
        <CommandButton id="review.accept" icon="accept" />
        <CommandButton id="review.reject" icon="close" />
      </div>
      <span className="grow" />
      <div className="tool-group">
        <CommandButton id="view.hide" icon={hidden ? 'eyeOff' : 'eye'} pressed={hidden} />
        <CommandButton id="view.zoom-out" icon="zoomOut" />
        <span className="zoom number" title="Screen pixels per pixel of the photo">
          {Math.round(zoom * 100)} %
        </span>
        <CommandButton id="view.zoom-in" icon="zoomIn" />
        <CommandButton id="view.fit" icon="fit" />
      </div>
    </div>
  );
}

/** The brush in pixels of the photo, on a scale where each step is a fraction of the size. */
function BrushSize() {
  const app = useApp();
  const size = useAppState((state) => state.settings.brushSize);
  return (
    <div className="brush-size">
      <Slider
        className="grow"
        size="sm"
        min={0}
        max={100}
        label={null}
        thumbLabel="Size of the brush"
        value={positionOf(size)}
        onChange={(position) => setBrushSize(app, sizeAt(position))}
      />
      <span className="number small">{Math.round(size)} px</span>
    </div>
  );
}

const largest = 500;
const sizeAt = (position: number) => Math.max(1, Math.round(largest ** (position / 100)));
const positionOf = (size: number) => Math.round((100 * Math.log(Math.max(1, size))) / Math.log(largest));
