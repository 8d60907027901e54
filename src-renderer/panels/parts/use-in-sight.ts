/** @file The current row of a list that scrolls is kept in sight. */
import { type RefObject, useEffect, useRef } from 'react';

/** @returns for the row; when it becomes `current`, what scrolls around it moves as little as shows it whole. */
export function useInSight<E extends Element>(current: boolean): RefObject<E | null> {
  const row = useRef<E>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return row;
}
