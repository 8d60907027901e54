/** @file A button that is an icon: its name is its tooltip and what a screen reader says. */
import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core';
import type { ComponentPropsWithRef, MouseEvent } from 'react';
import { Icon, type IconName } from '../icons.tsx';

type OwnProps = {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  /** As it is written on the keyboard; shown in the tooltip. */
  readonly keys?: string | null | undefined;
  /** Shown under the name. */
  readonly note?: string | undefined;
  readonly disabled?: boolean;
  /** A switch that is on or off; absent for a plain button. */
  readonly pressed?: boolean;
  readonly busy?: boolean;
  readonly size?: ActionIconProps['size'];
  readonly tone?: 'bad';
};
/** The rest is for what it is the target of: menus and popovers. */
type IconButtonProps = OwnProps &
  Omit<ComponentPropsWithRef<'button'>, keyof OwnProps | 'children' | 'color' | 'style'>;

export function IconButton(props: IconButtonProps) {
  const {
    icon,
    label,
    onClick,
    keys,
    note,
    disabled = false,
    pressed,
    busy = false,
    size = 'md',
    tone,
    ...rest
  } = props;
  return (
    <Tooltip label={<TipText label={label} keys={keys} note={note} />} disabled={rest['aria-expanded'] === true}>
      <ActionIcon
        {...rest}
        className="icon-button"
        size={size}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={keys ?? undefined}
        // Not `disabled`: a tooltip that says why must still appear.
        aria-disabled={disabled || undefined}
        data-off={disabled || undefined}
        data-pressed={pressed || undefined}
        data-tone={tone}
        loading={busy}
        onClick={(event) => {
          if (!disabled) onClick?.(event);
        }}
      >
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
}

type TipProps = {
  readonly label: string;
  readonly keys?: string | null | undefined;
  readonly note?: string | undefined;
};

export function TipText({ label, keys, note }: TipProps) {
  return (
    <span className="tip">
      <span>{label}</span>
      {keys ? <span className="tip-keys">{keys}</span> : null}
      {note ? <span className="tip-note">{note}</span> : null}
    </span>
  );
}
