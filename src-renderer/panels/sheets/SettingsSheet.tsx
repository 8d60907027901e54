/** @file Settings of the person at this machine; each is stored when it is changed. */
import { NumberInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Section } from '../parts/Sheet.tsx';
import { KeysSection } from './KeysSection.tsx';
import { useSettings } from './use-settings.ts';

export function SettingsSheet() {
  const { settings, write } = useSettings();
  return (
    <>
      <Section title="Person">
        <ReviewerField value={settings.reviewer} onWrite={(reviewer) => write({ reviewer })} />
      </Section>
      <Section title="Look">
        <div className="row wrap">
          <span id="theme-label" className="grow">
            Colours
          </span>
          <SegmentedControl
            aria-labelledby="theme-label"
            data={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            value={settings.theme}
            onChange={(theme) => write({ theme })}
          />
        </div>
      </Section>
      <Section title="Work">
        <Switch
          label="Open the next undecided image when the last proposal is decided"
          checked={settings.autoAdvance}
          onChange={(e) => write({ autoAdvance: e.target.checked })}
        />
        <Switch
          label="Keep zoom and place from image to image"
          checked={settings.keepView}
          onChange={(e) => write({ keepView: e.target.checked })}
        />
        <div className="row wrap">
          <span id="profile-label" className="grow">
            How masks are refined
          </span>
          <SegmentedControl
            aria-labelledby="profile-label"
            data={[
              { value: 'default', label: 'Best on measured data' },
              { value: 'paper', label: 'As in the paper' },
            ]}
            value={settings.profile}
            onChange={(profile) => write({ profile })}
          />
        </div>
      </Section>
      <Section title="Backups" note="Every change is on disk at once. Backups are copies of the project to go back to.">
        <NumberInput
          label="Minutes between backups (0: none)"
          min={0}
          max={1440}
          clampBehavior="strict"
          value={settings.backupMinutes}
          onChange={(value) => {
            if (typeof value === 'number') write({ backupMinutes: value });
          }}
        />
      </Section>
      <KeysSection />
    </>
  );
}

function ReviewerField({ value, onWrite }: { readonly value: string; readonly onWrite: (value: string) => void }) {
  const [text, setText] = useState<string | null>(null);
  const store = () => {
    if (text !== null && text.trim() !== value) onWrite(text.trim());
    setText(null);
  };
  return (
    <TextInput
      label="Your name"
      description="Written beside what you decide, and into exports as the reviewer"
      maxLength={1000}
      value={text ?? value}
      onChange={(e) => setText(e.target.value)}
      onBlur={store}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && !e.nativeEvent.isComposing) store();
      }}
    />
  );
}
