/** @file The photo of the query that is decided on; the keys of the stage work here. */
import { useEffect, useRef } from 'react';
import type { State } from '../../document/state.ts';
import { bindPhoto, type PhotoEvents, type PhotoScene } from '../../tools/query-photo.ts';
import { useApp, useAppState } from '../app-context.ts';

type QueryPhotoProps = {
  /** A selector that answers the same object while nothing has changed; it and `events` stay the same. */
  readonly scene: (state: State) => PhotoScene;
  readonly events?: PhotoEvents;
};

export function QueryPhoto({ scene, events }: QueryPhotoProps) {
  const app = useApp();
  const box = useRef<HTMLDivElement>(null);
  const path = useAppState((state) => scene(state).image?.path ?? null);
  useEffect(() => {
    if (!box.current) return undefined;
    box.current.focus({ preventScroll: true });
    return bindPhoto(app, box.current, scene, events);
  }, [app, scene, events]);
  return (
    <div
      ref={box}
      className="canvas-host"
      role="application"
      aria-label={path ? `Photo ${path}` : 'No photo'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the stage work here, so it can have the focus.
      tabIndex={0}
    />
  );
}
