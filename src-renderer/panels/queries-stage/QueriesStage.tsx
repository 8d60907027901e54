/** @file The stage of writing queries: images with candidates, the photo with its labelled objects, the candidates. */
import { useEffect } from 'react';
import { enterWriting } from '../../tools/writing-list.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Splitter, useWidth } from '../parts/Splitter.tsx';
import { BoxPhoto } from './BoxPhoto.tsx';
import { CandidateImages } from './CandidateImages.tsx';
import { CandidatePanel } from './CandidatePanel.tsx';
import { SetupPanel } from './SetupPanel.tsx';
import './queries-stage.css';

const left = { initial: 15, min: 9, max: 32 };
const right = { initial: 25, min: 18, max: 44 };

export function QueriesStage() {
  const app = useApp();
  useEffect(() => enterWriting(app), [app]);
  const setup = useAppState(({ writing }) => writing.setup);
  const [leftWidth, setLeft] = useWidth('writing-left', left.initial);
  const [rightWidth, setRight] = useWidth('writing-right', right.initial);
  return (
    <div className="columns" style={{ gridTemplateColumns: `${leftWidth}rem minmax(0, 1fr) ${rightWidth}rem` }}>
      <nav className="column" aria-label="Images with candidates">
        <CandidateImages />
        <Splitter label="Width of the image list" side="left" width={leftWidth} onChange={setLeft} {...left} />
      </nav>
      <main className="centre" aria-label="Write queries">
        <h1 className="sr-only">Write queries</h1>
        {setup ? <SetupPanel /> : <BoxPhoto />}
      </main>
      <aside className="column" aria-label="Candidates">
        <Splitter label="Width of the candidates" side="right" width={rightWidth} onChange={setRight} {...right} />
        <CandidatePanel />
      </aside>
    </div>
  );
}
