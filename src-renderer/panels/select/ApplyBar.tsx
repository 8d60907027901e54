/** @file The end of choosing: what is kept becomes part of the project. */
import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { tallyOf } from '../../document/picking.ts';
import { applyPicking, cancelApply } from '../../tools/picking.ts';
import { setStage } from '../../tools/stage.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';

export function ApplyBar() {
  const app = useApp();
  const picking = useAppState((state) => state.picking);
  const { waiting } = useMemo(() => tallyOf(picking), [picking]);
  const { working, failure, applied, inProject } = picking;
  return (
    <footer className="stack pick-apply">
      <FailureNote failure={failure} />
      {applied ? (
        <Note
          title={`${count(applied.added, 'image')} added, with ${count(applied.instances, 'instance')}.`}
          hint={applied.notes.slice(0, 5).join('\n') || null}
        >
          <Button onClick={() => setStage(app, 'annotate')}>Look at them</Button>
        </Note>
      ) : null}
      {working ? (
        <Bar label={working.what} done={working.done} total={working.total} onCancel={() => cancelApply(app)} />
      ) : (
        <Button variant="filled" disabled={waiting === 0} onClick={() => void applyPicking(app)}>
          {waiting === 0 ? 'Nothing new to add' : `Add ${count(waiting, 'image')} to the project`}
        </Button>
      )}
      <p className="quiet small number">{count(inProject.size, 'image')} of this file in the project</p>
    </footer>
  );
}
