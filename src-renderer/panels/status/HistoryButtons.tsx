/** @file Undo and redo, with what they will do. */
import { useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { changeName } from './change-names.ts';

export function HistoryButtons() {
  const undo = useAppState((state) => state.open?.document.history.undo ?? null);
  const redo = useAppState((state) => state.open?.document.history.redo ?? null);
  return (
    <span className="row history">
      <CommandButton id="history.undo" icon="undo" size="sm" note={undo ? changeName(undo) : undefined} />
      <CommandButton id="history.redo" icon="redo" size="sm" note={redo ? changeName(redo) : undefined} />
    </span>
  );
}
