/** @file Keys as they are written on this person's keyboard. */
import { useEffect, useState } from 'react';
import { keyLabel, type Layout, readLayout } from '../../tools/key-labels.ts';
import { isMac } from '../../tools/keyboard.ts';

/** Asked once for all components; a layout that is changed meanwhile is known at the next start. */
let asked: Promise<Layout | null> | null = null;
let known: Layout | null = null;

async function readOnce(): Promise<Layout | null> {
  known = await readLayout();
  return known;
}

/** A function from a binding ("Ctrl+KeyZ") to its name ("Ctrl+Z"). */
export function useKeyNames(): (binding: string) => string {
  const [layout, setLayout] = useState<Layout | null>(known);
  useEffect(() => {
    asked ??= readOnce();
    asked.then(setLayout);
  }, []);
  return (binding) => keyLabel(binding, layout, isMac());
}
