/** @file The provider and device really in use; a click tells the reason of a fallback. */
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { ProviderFacts } from '../sheets/DeviceSection.tsx';
import { providerSummary } from './provider.ts';

export function DeviceStatus() {
  const app = useApp();
  const engine = useAppState((state) => state.engine);
  const [open, setOpen] = useState(false);
  const text = {
    crashed: 'Engine restarting',
    starting: 'Engine starting',
    ready: providerSummary(engine.provider),
    unknown: providerSummary(engine.provider),
  }[engine.state];
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className="status-item status-button"
          data-tone={engine.state === 'crashed' ? 'bad' : undefined}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="device" />
          <span className="cut">{text}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack status-pop">
          {engine.message ? <p className="bad">{engine.message}</p> : null}
          <ProviderFacts report={engine.provider} />
          <Button
            onClick={() => {
              setOpen(false);
              openSheet(app, 'models');
            }}
          >
            Models and devices
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
