/** @file The stage of masks: images, photo, queries; the widths of the outer columns are the person's. */
import { useAppState } from './app-context.ts';
import { Banners } from './centre/Banners.tsx';
import { CanvasHost } from './centre/CanvasHost.tsx';
import { Toolbar } from './centre/Toolbar.tsx';
import { ImagesPanel } from './images/ImagesPanel.tsx';
import { Splitter, useWidth } from './parts/Splitter.tsx';
import { QueryPanel } from './query/QueryPanel.tsx';
import './work.css';

const left = { initial: 15, min: 9, max: 32 };
const right = { initial: 21, min: 16, max: 40 };

export function WorkScreen() {
  const name = useAppState((state) => state.project.info?.name ?? '');
  const [leftWidth, setLeft] = useWidth('left', left.initial);
  const [rightWidth, setRight] = useWidth('right', right.initial);
  return (
    <div className="columns" style={{ gridTemplateColumns: `${leftWidth}rem minmax(0, 1fr) ${rightWidth}rem` }}>
      <nav className="column" aria-label="Images">
        <ImagesPanel />
        <Splitter label="Width of the image list" side="left" width={leftWidth} onChange={setLeft} {...left} />
      </nav>
      <main className="centre" aria-label="Photo">
        <h1 className="sr-only">{name}</h1>
        <Toolbar />
        <div className="stage">
          <CanvasHost />
          <Banners />
          <NothingOpen />
        </div>
      </main>
      <aside className="column" aria-label="Queries and masks">
        <Splitter label="Width of the query panel" side="right" width={rightWidth} onChange={setRight} {...right} />
        <QueryPanel />
      </aside>
    </div>
  );
}

function NothingOpen() {
  const open = useAppState((state) => state.open !== null || state.opening !== null);
  const images = useAppState((state) => state.project.info?.images ?? 0);
  if (open) return null;
  return (
    <p className="stage-empty quiet">
      {images > 0 ? 'Choose an image on the left.' : 'Photos appear on the left as they are found.'}
    </p>
  );
}
