/** @file The left column: how much is done, the filter, the photos, and what reading the folders is doing. */
import { useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { FilterBox } from './FilterBox.tsx';
import { ImageList } from './ImageList.tsx';
import { ScanLine } from './ScanLine.tsx';
import './images.css';

export function ImagesPanel() {
  const failure = useAppState((state) => state.images.failure);
  return (
    <div className="images">
      <div className="images-head">
        <DoneCount />
        <FilterBox />
      </div>
      <FailureNote failure={failure} />
      <EmptyList />
      <ImageList />
      <ScanLine />
    </div>
  );
}

function DoneCount() {
  const counts = useAppState((state) => state.project.counts);
  const shown = useAppState((state) => state.images.total);
  if (!counts) return <div className="row quiet">Counting...</div>;
  const { done, total } = counts;
  return (
    <>
      <div className="row done-row">
        <strong className="number">
          {done.toLocaleString()} / {total.toLocaleString()} done
        </strong>
        <span className="quiet number cut done-aside">
          {shown !== null && shown !== total
            ? `${shown.toLocaleString()} shown`
            : `${counts.open.toLocaleString()} open`}
        </span>
        <CommandButton id="image.previous" icon="back" size="sm" />
        <CommandButton id="image.next" icon="next" size="sm" />
      </div>
      <div className="done-track" aria-hidden="true">
        <div className="done-fill" style={{ width: `${total > 0 ? (100 * done) / total : 0}%` }} />
      </div>
    </>
  );
}

/** Why the list has nothing in it. */
function EmptyList() {
  const total = useAppState((state) => state.images.total);
  const all = useAppState((state) => state.project.counts?.total ?? null);
  const scanning = useAppState((state) => state.project.info?.scanning ?? false);
  if (total !== 0) return null;
  if (scanning && !all) return <p className="images-empty quiet">Reading the folder of photos...</p>;
  return (
    <div className="images-empty">
      {all ? (
        <Note title="No image fits the filter" hint="Empty the filter box to see all." />
      ) : (
        <Note
          title="There are no photos in this project's folders"
          hint="Add a folder from the project's menu above."
        />
      )}
    </div>
  );
}
