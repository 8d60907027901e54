/** @file The file of results or of ground truth, chosen on the host's machine by handle. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EvaluatedKind } from '../../document/evaluation.ts';
import { editEvaluation } from '../../tools/evaluate.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';

type Props = { readonly kind: Exclude<EvaluatedKind, 'model'> };

export function FileField({ kind }: Props) {
  const app = useApp();
  const chosen = useAppState(({ evaluation }) => evaluation.form[kind]);
  const [open, setOpen] = useState(false);
  const take = (handle: string, name: string, folder: boolean) => {
    editEvaluation(app, { [kind]: { handle, name, folder } });
    setOpen(false);
  };
  if (open) {
    return (
      <div className="evaluate-chooser">
        <FolderChooser
          files={kind === 'results' ? ['jsonl', 'json'] : ['json']}
          onFile={({ handle, name }) => take(handle, name, false)}
          {...(kind === 'truth'
            ? {
                action: 'Take this folder (ReasonSeg)',
                onChoose: ({ handle, name }: { handle: string; name: string }) => take(handle, name, true),
              }
            : {})}
          onCancel={() => setOpen(false)}
        />
      </div>
    );
  }
  return (
    <div className="row">
      <Icon name={chosen?.folder ? 'folder' : 'file'} />
      <span className="grow cut" title={chosen?.name}>
        {chosen?.name ?? (kind === 'results' ? 'No file of results' : 'No ground truth')}
      </span>
      <Button onClick={() => setOpen(true)}>{chosen ? 'Another' : 'Choose'}</Button>
    </div>
  );
}
