/** @file Who reviews: asked once, before the first verdict. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { setReviewer } from '../../tools/validate.ts';
import { useApp } from '../app-context.ts';

export function ReviewerName() {
  const app = useApp();
  const [name, setName] = useState('');
  return (
    <form
      className="reviewer-name stack"
      aria-label="Who reviews?"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void setReviewer(app, name);
      }}
    >
      <h2>Who reviews?</h2>
      <p className="quiet">
        Every verdict carries your name, and nobody judges a query twice. It is kept in the settings of this machine.
      </p>
      <TextInput autoFocus label="Your name" maxLength={1000} value={name} onChange={(e) => setName(e.target.value)} />
      <div className="row end">
        <Button type="submit" variant="filled" disabled={name.trim() === ''}>
          Begin
        </Button>
      </div>
    </form>
  );
}
