/** @file The right column: the query box, the queries of this image, and what the current one has as its answer. */
import { useAppState } from '../app-context.ts';
import { InstanceList } from '../masks/InstanceList.tsx';
import { ProposalList } from '../masks/ProposalList.tsx';
import { AnswerTrace } from './AnswerTrace.tsx';
import { DoubtLine } from './DoubtLine.tsx';
import { QueryBox } from './QueryBox.tsx';
import { QueryDetail } from './QueryDetail.tsx';
import { QueryList } from './QueryList.tsx';

export function QueryPanel() {
  const imageId = useAppState((state) => state.open?.document.image.id ?? null);
  return (
    <div className="query-panel">
      {imageId === null ? (
        <p className="panel-part quiet">Open an image to ask about it.</p>
      ) : (
        <>
          <QueryBox />
          <div className="query-scroll">
            <QueryList />
            <QueryDetail />
            <AnswerTrace />
            <DoubtLine />
            <ProposalList />
            <InstanceList />
          </div>
        </>
      )}
    </div>
  );
}
