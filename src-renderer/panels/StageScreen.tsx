/** @file A project is open: the top bar, the stage that is worked in, the status bar. */
import { type MouseEvent, Suspense } from 'react';
import { stageTitles } from '../document/stages.ts';
import type { App } from '../tools/app.ts';
import { focus } from '../tools/view.ts';
import { useApp, useAppState } from './app-context.ts';
import { Boundary } from './parts/Boundary.tsx';
import { keepKeysInPopups } from './parts/own-keys.ts';
import { StageSwitch } from './StageSwitch.tsx';
import { stageScreens } from './stages.tsx';
import { StatusBar } from './status/StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import './work.css';

export function StageScreen() {
  const app = useApp();
  const stage = useAppState((state) => state.stage);
  const body = stageScreens[stage] ?? stageScreens.annotate;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only moves the focus after a click on something inside.
    <div className="work" onClick={(event) => keepKeysOnWork(app, event)} onKeyDown={keepKeysInPopups}>
      <TopBar>
        <StageSwitch />
      </TopBar>
      <Boundary key={stage} what={`The stage "${stageTitles[stage]}"`}>
        <Suspense fallback={<div className="columns" />}>{body?.()}</Suspense>
      </Boundary>
      <StatusBar />
    </div>
  );
}

/**
 * A click on a button, a row of the list or a choice leaves the focus on it, and then Enter would press it again, or do
 * nothing, instead of accepting a mask. So after the mouse the keys go to the photo, or to the stage, with the very next
 * key; after the keyboard the focus stays.
 */
function keepKeysOnWork(app: App, { detail, currentTarget, target }: MouseEvent): void {
  // What is open over the work (own-keys.ts) keeps its focus, and gives it back itself.
  if (detail === 0 || !(target instanceof Element) || !currentTarget.contains(target)) return;
  const annotates = app.store.getState().stage === 'annotate';
  const pressed = target.closest(annotates ? `${pressable}, [role=option]` : pressable);
  const opensMore = pressed?.hasAttribute('aria-haspopup') || pressed?.hasAttribute('aria-expanded');
  // What a button did may have been to send the focus elsewhere.
  if (!pressed || opensMore || document.activeElement !== pressed || !(pressed instanceof HTMLElement)) return;
  pressed.blur();
  // Or it is about to, as to the query box.
  if (annotates) requestAnimationFrame(() => document.activeElement === document.body && focus(app, 'canvas'));
}

const pressable = 'button, input[type=radio], input[type=checkbox]';
