/** @file Opening an image by its id, from wherever it is named. */
import { useCallback } from 'react';
import { openImage } from '../../tools/navigate.ts';
import { useApp } from '../app-context.ts';

export function useOpenImage(): (imageId: number) => void {
  const app = useApp();
  return useCallback(
    (imageId: number) => {
      openImage(app, imageId);
    },
    [app],
  );
}
