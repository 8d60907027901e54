/** @file One command as data: what key bindings, tooltips, buttons and the F1 sheet are made from (tools/commands.ts). */
import { type StageName, stageNames } from '../document/stages.ts';
import type { State } from '../document/state.ts';
import type { App } from './app.ts';

export const commandGroups = [
  'Images',
  'Query',
  'Review',
  'Writing',
  'Draw',
  'Selection',
  'Validation',
  'Alignment',
  'View',
  'History',
  'Application',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

export type Command = {
  /** Noun and verb, kept in the settings where its key is changed. */
  readonly id: string;
  /** For buttons and the sheet: "Accept the selected mask". */
  readonly title: string;
  readonly group: CommandGroup;
  /** Default keys: `event.code` with modifiers in the order Ctrl+Alt+Shift, such as `Ctrl+Shift+KeyZ`. Ctrl is Cmd on a Mac. */
  readonly keys: readonly string[];
  /**
   * `canvas`: only while nothing that uses the key itself (a list, a button) has the focus. `work`: while no text is typed.
   * `always`: also while typing, for keys that type nothing.
   */
  readonly scope: 'canvas' | 'work' | 'always';
  /** The stages of a project in which its keys count; without it only `annotate`. */
  readonly stages?: readonly StageName[] | 'every';
  /** Whether holding the key repeats it. */
  readonly repeats?: boolean;
  /** The canvas itself acts on the key, with the pointer; it is here for the sheet and for conflicts. */
  readonly gesture?: boolean;
  /** Whether a button for it would do something now. A key runs it all the same where the verb can say why not. */
  readonly enabled: (state: State) => boolean;
  readonly run: (app: App) => void | Promise<void>;
  /** When the key is let go, with how long it was held. */
  readonly release?: (app: App, heldMs: number) => void;
};

/** Whether the keys of a command count in a stage. */
export const isOfStage = ({ stages = ['annotate'] }: Command, stage: StageName): boolean =>
  stages === 'every' || stages.includes(stage);

/** Whether there is a stage in which both can be run. */
export const shareStage = (a: Command, b: Command): boolean =>
  stageNames.some((each) => isOfStage(a, each) && isOfStage(b, each));
