// The tokens of the look: one typeface in four sizes, one accent, greys for both schemes, an 8 px rhythm.
import { createTheme, localStorageColorSchemeManager } from '@mantine/core'
import type {
  CSSVariablesResolver,
  ActionIconProps,
  BadgeProps,
  ButtonProps,
  CardProps,
  DrawerProps,
  InputProps,
  InputWrapperProps,
  MenuProps,
  ModalProps,
  NotificationProps,
  PaperProps,
  SegmentedControlProps,
  SelectProps,
  SkeletonProps,
  TableProps,
  TooltipProps,
} from '@mantine/core'
import type { CSSProperties } from 'react'
import classes from './theme.module.css'

export const colorSchemeManager = localStorageColorSchemeManager({ key: 'throughline-color-scheme' })

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '24px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.3' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '24px', lineHeight: '32px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: false,
  colors: {
    accent: [
      '#eff2fd',
      '#dde3fa',
      '#bcc8f5',
      '#9aabf0',
      '#7f94ec',
      '#6a81e7',
      '#5871e0',
      '#3f5bd0',
      '#354db3',
      '#2b3f94',
    ],
    gray: [
      '#f9fafb',
      '#f3f4f6',
      '#e6e8ec',
      '#d8dbe0',
      '#c3c7cf',
      '#9aa0ab',
      '#6f7682',
      '#545b67',
      '#363c46',
      '#1b1f26',
    ],
    red: [
      '#fff1f0',
      '#ffe0de',
      '#ffc1be',
      '#ff9c98',
      '#ff8782',
      '#f06560',
      '#dd4a46',
      '#c5302f',
      '#a92525',
      '#8c1d1d',
    ],
    dark: [
      '#e7e9ed',
      '#c3c7cf',
      '#9aa0ab',
      '#737985',
      '#343841',
      '#272a31',
      '#1c1f25',
      '#131519',
      '#0e1013',
      '#090a0c',
    ],
  },
  components: {
    ActionIcon: part<ActionIconProps>({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Badge: part<BadgeProps>({ defaultProps: { variant: 'light', radius: 'xs', tt: 'none', fw: 500 } }),
    Button: part<ButtonProps>({ defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 500 } } }),
    Card: part<CardProps>({ defaultProps: { withBorder: true, padding: 'md', radius: 'md' } }),
    Drawer: part<DrawerProps>({
      defaultProps: {
        padding: 'lg',
        overlayProps: { backgroundOpacity: 0.3 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
      styles: { title: { fontSize: 16, fontWeight: 600 } },
    }),
    Input: part<InputProps>({ classNames: { input: classes.input } }),
    InputWrapper: part<InputWrapperProps>({
      // Fields are needed unless their description says that they are optional.
      defaultProps: { withAsterisk: false },
      classNames: { label: classes.label, description: classes.description, error: classes.error },
    }),
    Menu: part<MenuProps>({
      defaultProps: {
        shadow: 'sm',
        radius: 'md',
        transitionProps: { duration: 90 },
        withInitialFocusPlaceholder: false,
      },
    }),
    Modal: part<ModalProps>({
      defaultProps: {
        radius: 'md',
        closeButtonProps: { 'aria-label': 'Close' },
        shadow: 'lg',
        padding: 'lg',
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.3 },
      },
      styles: { title: { fontSize: 16, fontWeight: 600 } },
    }),
    Notification: part<NotificationProps>({
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } },
    }),
    Paper: part<PaperProps>({ defaultProps: { withBorder: true, radius: 'md' } }),
    SegmentedControl: part<SegmentedControlProps>({
      defaultProps: { withItemsBorders: false, transitionDuration: 120 },
      classNames: { root: classes.segments, label: classes.segment, indicator: classes.indicator },
    }),
    Select: part<SelectProps>({ defaultProps: { allowDeselect: false, checkIconPosition: 'right' } }),
    Skeleton: part<SkeletonProps>({ classNames: { root: classes.skeleton } }),
    Table: part<TableProps>({ defaultProps: { verticalSpacing: 8, horizontalSpacing: 12 } }),
    Tooltip: part<TooltipProps>({ defaultProps: { openDelay: 250, radius: 'sm' } }),
  },
})

interface Part<Props> {
  defaultProps?: Partial<Props>
  classNames?: Record<string, string | undefined>
  styles?: Record<string, CSSProperties>
}

// As `X.extend(...)`, but without importing X: the theme is in the first chunk, most components are not.
function part<Props>(look: Part<Props>): Part<Props> {
  return look
}

/** Both schemes from the same names; `--line-*` are ours, the others correct Mantine's where contrast falls below AA. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { '--line-header': '52px', '--line-sidebar': '224px' },
  light: {
    '--mantine-color-text': '#1b1f26',
    '--mantine-color-dimmed': '#5c6370',
    '--mantine-color-placeholder': '#6f7682',
    '--mantine-color-error': '#c2292e',
    '--mantine-color-default-border': '#d8dbe0',
    '--mantine-color-green-light-color': '#1e6b34',
    '--mantine-color-yellow-light-color': '#824600',
    '--line-border': '#e6e8ec',
    '--line-surface': '#ffffff',
    '--line-sunken': '#f9fafb',
    '--line-hover': '#f3f4f6',
    '--line-selected': '#eff2fd',
    '--line-accent-text': '#354db3',
    '--line-good': '#1a7a45',
    '--line-bad': '#c2292e',
    '--line-warn': '#8a5a00',
    '--line-test': '#d98e04',
    '--line-test-text': '#7d5100',
    '--line-test-wash': '#fdf5e3',
  },
  dark: {
    '--mantine-color-text': '#e7e9ed',
    '--mantine-color-dimmed': '#9aa0ab',
    '--mantine-color-placeholder': '#868d99',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-default-border': '#343841',
    '--line-border': '#272a31',
    '--line-surface': '#171a1f',
    '--line-sunken': '#131519',
    '--line-hover': '#1f2229',
    '--line-selected': '#20263f',
    '--line-accent-text': '#9aabf0',
    '--line-good': '#5fce92',
    '--line-bad': '#ff8a8a',
    '--line-warn': '#f0b849',
    '--line-test': '#e0a022',
    '--line-test-text': '#f0b849',
    '--line-test-wash': '#2a2312',
  },
})
