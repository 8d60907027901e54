/** @file How strongly masks are filled and outlined; the keys hide them altogether. */
import { Popover, Slider } from '@mantine/core';
import { useState } from 'react';
import { useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { useSettings } from '../sheets/use-settings.ts';

export function OpacityControl() {
  const [open, setOpen] = useState(false);
  const { write } = useSettings();
  const fill = useAppState((state) => state.settings.fillOpacity);
  const outline = useAppState((state) => state.settings.outlineOpacity);
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" trapFocus returnFocus>
      <Popover.Target>
        <IconButton
          icon="opacity"
          size="sm"
          label="Opacity of masks"
          pressed={open}
          note={`Fill ${percent(fill)}, outline ${percent(outline)}`}
          onClick={() => setOpen(!open)}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack status-pop">
          <OpacitySlider label="Fill" value={fill} onWrite={(fillOpacity) => write({ fillOpacity })} />
          <OpacitySlider label="Outline" value={outline} onWrite={(outlineOpacity) => write({ outlineOpacity })} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

type SliderProps = { readonly label: string; readonly value: number; readonly onWrite: (value: number) => void };

function OpacitySlider({ label, value, onWrite }: SliderProps) {
  const [moving, setMoving] = useState<number | null>(null);
  const shown = moving ?? value;
  return (
    <div className="row">
      <span className="opacity-name">{label}</span>
      <Slider
        className="grow"
        size="sm"
        thumbLabel={`${label} opacity`}
        label={null}
        min={0}
        max={1}
        step={0.05}
        value={shown}
        onChange={(next) => {
          setMoving(next);
          onWrite(next);
        }}
        onChangeEnd={() => setMoving(null)}
      />
      <span className="number opacity-value">{percent(shown)}</span>
    </div>
  );
}

const percent = (value: number) => `${Math.round(value * 100)} %`;
