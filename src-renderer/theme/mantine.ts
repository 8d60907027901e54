/** @file Mantine's theme: small controls everywhere. Colours are in tokens.css, and in mantine.css as Mantine names them. */
import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  type MantineColorsTuple,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

// Mantine wants ten shades; ours is one, and comes from the style sheet.
const accent: MantineColorsTuple = [
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', size: 'md' } }),
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'xs' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'xs' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', allowDeselect: false } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        closeDelay: 0,
        multiline: true,
        events: { hover: true, focus: true, touch: false },
      },
    }),
  },
});
