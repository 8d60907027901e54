/** @file The stages of the project in the top bar. */
import { Tooltip } from '@mantine/core';
import { type StageName, stageNames, stageTitles } from '../document/stages.ts';
import { run } from '../tools/keyboard.ts';
import { useApp, useAppState } from './app-context.ts';
import { TipText } from './parts/IconButton.tsx';
import { useCommand } from './parts/use-command.ts';
import { stageScreens } from './stages.tsx';

export function StageSwitch() {
  const shown = stageNames.filter((stage) => stageScreens[stage]);
  if (shown.length < 2) return null;
  return (
    <nav className="top-stages" aria-label="Stages">
      {shown.map((stage) => (
        <StageButton key={stage} stage={stage} />
      ))}
      <BackButton />
    </nav>
  );
}

/** To the stage that led to the annotator's screen. */
function BackButton() {
  const app = useApp();
  const { command, keys } = useCommand('stage.back');
  const cameFrom = useAppState((state) => state.cameFrom);
  if (cameFrom === null) return null;
  return (
    <button type="button" className="top-stage" data-back onClick={() => run(app, command)}>
      Back to "{stageTitles[cameFrom]}" {keys ? <kbd>{keys}</kbd> : null}
    </button>
  );
}

function StageButton({ stage }: { readonly stage: StageName }) {
  const app = useApp();
  const { command, keys } = useCommand(`stage.${stage}`);
  const isHere = useAppState((state) => state.stage === stage);
  return (
    <Tooltip label={<TipText label={stageTitles[stage]} keys={keys} />}>
      <button
        type="button"
        className="top-stage"
        aria-current={isHere ? 'page' : undefined}
        aria-keyshortcuts={keys ?? undefined}
        onClick={() => run(app, command)}
      >
        {stageTitles[stage]}
      </button>
    </Tooltip>
  );
}
