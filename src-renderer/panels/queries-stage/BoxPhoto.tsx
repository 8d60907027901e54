/** @file The photo with the boxes of its labelled objects: those that the candidate means are drawn strongly. */
import { useState } from 'react';
import type { LabelledBox } from '../../../src-main/contract/methods-generate.ts';
import { activeCandidate } from '../../document/writing.ts';
import { photoLevel } from '../../tools/writing-list.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';

export function BoxPhoto() {
  const app = useApp();
  const open = useAppState(({ writing }) => writing.open);
  const boxes = useAppState(({ writing }) => writing.boxes);
  const candidate = useAppState(({ writing }) => activeCandidate(writing));
  const [broken, setBroken] = useState<number | null>(null);
  if (!open) {
    return (
      <div className="decide-empty">
        <p className="quiet">Choose an image on the left, or let a model write queries.</p>
        <CommandButton id="candidate.setup" icon="settings" text="Models, templates and costs" />
      </div>
    );
  }
  const { image, captions } = open;
  const meant = new Set(candidate?.targets ?? []);
  const title = `Photo ${image.path} with ${open.boxes.length} labelled objects`;
  return (
    <figure className="box-photo">
      <div className="row toolbar-row">
        <figcaption className="cut grow" title={captions.join('\n')}>
          {captions.length > 0 ? captions.join(' / ') : image.path}
        </figcaption>
        <CommandButton id="candidate.boxes" icon="box" pressed={boxes} />
        <CommandButton id="candidate.setup" icon="settings" text="Models, templates, costs" />
      </div>
      {broken === image.id ? (
        <p className="decide-empty quiet">The photo cannot be shown. Is its file still there?</p>
      ) : (
        <svg
          className="box-photo-svg"
          viewBox={`0 0 ${image.width} ${image.height}`}
          role="img"
          aria-label={title}
          preserveAspectRatio="xMidYMid meet"
        >
          <image
            href={app.host.mediaUrl(image.id, photoLevel)}
            width={image.width}
            height={image.height}
            onError={() => setBroken(image.id)}
          />
          {boxes
            ? inOrder(open.boxes, meant).map((box) => (
                <Box key={box.instanceId} box={box} meant={meant.has(box.instanceId)} image={image} />
              ))
            : null}
        </svg>
      )}
    </figure>
  );
}

/** What is meant is drawn last, over the others. */
const inOrder = (boxes: readonly LabelledBox[], meant: ReadonlySet<number>) =>
  boxes.toSorted((a, b) => Number(meant.has(a.instanceId)) - Number(meant.has(b.instanceId)));

type BoxProps = {
  readonly box: LabelledBox;
  readonly meant: boolean;
  readonly image: { readonly width: number; readonly height: number };
};

function Box({ box: { bbox, category }, meant, image }: BoxProps) {
  const [x, y, width, height] = bbox;
  const rect = { x, y, width: Math.max(width, 1), height: Math.max(height, 1) };
  const letters = Math.max(image.width, image.height) / 55;
  const top = y > letters * 1.4 ? y - letters * 0.35 : y + letters;
  return (
    <g className="labelled-box" data-meant={meant || undefined}>
      <title>{category}</title>
      <rect className="labelled-box-halo" {...rect} />
      <rect className="labelled-box-line" {...rect} />
      {meant ? (
        <text x={x + letters * 0.2} y={top} fontSize={letters}>
          {category}
        </text>
      ) : null}
    </g>
  );
}
