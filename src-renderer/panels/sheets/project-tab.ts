/** @file Which tab of the project's sheet is shown; the menu of the project opens it at another. */
import { useSessionStorage } from '@mantine/hooks';

export const projectTabs = ['export', 'import', 'check', 'stats', 'folders'] as const;
export type ProjectTab = (typeof projectTabs)[number];

export const useProjectTab = () =>
  useSessionStorage<ProjectTab>({ key: 'novo-project-tab', defaultValue: 'export', getInitialValueInEffect: false });
