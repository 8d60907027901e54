/** @file A new project from a COCO file: which file, which photos, what it is called. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { createSelection } from '../../tools/projects.ts';
import { useApp, useAppState } from '../app-context.ts';
import { SourceForm } from './SourceForm.tsx';
import './select.css';

export function NewSelection({ onCancel }: { readonly onCancel: () => void }) {
  const app = useApp();
  const busy = useAppState((state) => state.project.busy === 'creating');
  const [name, setName] = useState('');
  return (
    <section className="stack" aria-label="New from a COCO file">
      <h2>New from a COCO file</h2>
      <p className="quiet">Nothing is copied or changed: you choose images, and they are read where they are.</p>
      <SourceForm
        action="Create and choose images"
        busy={busy}
        onCancel={onCancel}
        onTake={(coco, photos) =>
          createSelection(app, {
            coco: coco.handle,
            photos: photos.handle,
            name: name.trim() || `${coco.name.replace(/\.json$/i, '')} selection`,
          })
        }
      >
        <TextInput
          label="Name of the project"
          placeholder="As the file, with 'selection'"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.target.value)}
        />
      </SourceForm>
    </section>
  );
}
