/** @file A project is open: images, photo, queries; the widths of the outer columns are the person's. */
import type { MouseEvent } from 'react';
import type { App } from '../tools/app.ts';
import { focus } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { Banners } from './centre/Banners.tsx';
import { CanvasHost } from './centre/CanvasHost.tsx';
import { Toolbar } from './centre/Toolbar.tsx';
import { ImagesPanel } from './images/ImagesPanel.tsx';
import { keepKeysInPopups } from './parts/own-keys.ts';
import { Splitter, useWidth } from './parts/Splitter.tsx';
import { QueryPanel } from './query/QueryPanel.tsx';
import { StatusBar } from './status/StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import './work.css';

const left = { initial: 15, min: 9, max: 32 };
const right = { initial: 21, min: 16, max: 40 };

export function WorkScreen() {
  const app = useApp();
  const name = useAppState((state) => state.project.info?.name ?? '');
  const [leftWidth, setLeft] = useWidth('left', left.initial);
  const [rightWidth, setRight] = useWidth('right', right.initial);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only moves the focus after a click on something inside.
    <div className="work" onClick={(event) => keepKeysOnPhoto(app, event)} onKeyDown={keepKeysInPopups}>
      <TopBar />
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
      <StatusBar />
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

/**
 * A click on a button or a row of the list leaves the focus on it, and then Enter would press it again instead of
 * accepting a mask. So after the mouse the keys go to the photo; after the keyboard the focus stays.
 */
function keepKeysOnPhoto(app: App, { detail, target }: MouseEvent): void {
  if (detail === 0 || !(target instanceof Element)) return;
  const pressed = target.closest('button, [role=option]');
  const opensMore = pressed?.hasAttribute('aria-haspopup') || pressed?.hasAttribute('aria-expanded');
  if (!pressed || opensMore) return;
  // Not at once: what the button did may be to send the focus elsewhere, as to the query box.
  requestAnimationFrame(() => {
    if (document.activeElement === pressed) focus(app, 'canvas');
  });
}
