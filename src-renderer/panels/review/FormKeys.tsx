/** @file A small form beside the photo: Enter does it, Esc leaves it, and no key of the stage gets out of it. */
import { Button } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

type FormProps = {
  readonly title: string;
  readonly onDone: () => void;
  readonly onLeave: () => void;
  /** What a key does before it is typed; true where it was used. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly doneText?: string;
  readonly children: ReactNode;
};

export function FormKeys({ title, onDone, onLeave, onKey, doneText = 'Store', children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = form.current?.querySelector<HTMLElement>('[data-autofocus]');
    field?.focus();
    if (field instanceof HTMLTextAreaElement) field.select();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const { nativeEvent } = event;
    if (nativeEvent.isComposing || event.keyCode === 229) return;
    const isButton = event.target instanceof HTMLButtonElement;
    const isEnter = event.key === 'Enter' && !event.shiftKey && !isButton;
    const isUsed = isEnter || event.key === 'Escape' || (onKey?.(event) ?? false);
    if (!isUsed) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') onLeave();
    else if (isEnter) onDone();
  };
  return (
    <form
      ref={form}
      className="panel-part stack"
      aria-label={title}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
      }}
    >
      <h2>{title}</h2>
      {children}
      <div className="row end">
        <Button onClick={onLeave}>
          Cancel<span className="button-key">Esc</span>
        </Button>
        <Button type="submit" variant="filled">
          {doneText}
          <span className="button-key">Enter</span>
        </Button>
      </div>
    </form>
  );
}
