// What a form is beside its fields: what comes after it, its look, its protection, and double opt-in.
import { ColorInput, NumberInput, Select, Switch, Text, TextInput, Textarea } from '@mantine/core'
import { formWords, languageNames, languages } from '../../../src/forms/contract.ts'
import type { FormDefinition } from '../../../src/forms/contract.ts'
import { Section } from '../../ui/section.tsx'
import classes from './forms.module.css'

interface SettingsProps {
  definition: FormDefinition
  onChange: (part: Partial<FormDefinition>) => void
}

export function AfterSettings({ definition, onChange }: SettingsProps) {
  return (
    <Section title="Afterwards">
      <div className={classes.column}>
        <Textarea
          label="What people read"
          placeholder={formWords[definition.language].thanks}
          autosize
          minRows={2}
          maxLength={2000}
          value={definition.message}
          onChange={(event) => onChange({ message: event.currentTarget.value })}
        />
        <TextInput
          label="Or where they go on to"
          description="An address that begins with https:// or http://."
          placeholder="https://shop.example/thanks"
          maxLength={2000}
          value={definition.redirectUrl ?? ''}
          onChange={(event) => onChange({ redirectUrl: event.currentTarget.value.trim() || null })}
        />
        <TextInput
          label="Privacy notice"
          description="A link below the button."
          placeholder="https://shop.example/privacy"
          maxLength={2000}
          value={definition.privacyUrl ?? ''}
          onChange={(event) => onChange({ privacyUrl: event.currentTarget.value.trim() || null })}
        />
      </div>
    </Section>
  )
}

export function LookSettings({ definition, onChange }: SettingsProps) {
  const { style } = definition
  const set = (part: Partial<FormDefinition['style']>) => onChange({ style: { ...style, ...part } })
  return (
    <Section title="Look">
      <div className={classes.pair}>
        <Select
          label="Language"
          description="Of what the form says by itself."
          data={languages.map((language) => ({ value: language, label: languageNames[language] }))}
          value={definition.language}
          allowDeselect={false}
          onChange={(value) => onChange({ language: languages.find((one) => one === value) ?? 'en' })}
        />
        <NumberInput
          label="Font size"
          description="Pixels."
          min={13}
          max={20}
          clampBehavior="strict"
          value={style.fontPx}
          onChange={(value) => set({ fontPx: Number(value) || 16 })}
        />
        <NumberInput
          label="Roundness"
          description="Pixels."
          min={0}
          max={24}
          clampBehavior="strict"
          value={style.radiusPx}
          onChange={(value) => set({ radiusPx: Number(value) || 0 })}
        />
        <ColorInput
          label="Button"
          format="hex"
          value={style.accent}
          onChange={(accent) => set({ accent })}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
        />
        <ColorInput
          label="Text"
          format="hex"
          value={style.text}
          onChange={(text) => set({ text })}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
        />
        <ColorInput
          label="Background"
          format="hex"
          value={style.background}
          onChange={(background) => set({ background })}
          eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }}
        />
      </div>
    </Section>
  )
}

export function ProtectionSettings({ definition, onChange }: SettingsProps) {
  const { protection } = definition
  const set = (part: Partial<FormDefinition['protection']>) =>
    onChange({ protection: { ...protection, ...part } })
  return (
    <Section
      title="Protection from programs"
      about="A field that people do not see is always there. What is sent back is counted under Numbers, with the reason."
    >
      <div className={classes.column}>
        <div className={classes.pair}>
          <NumberInput
            label="Soonest after it was shown"
            description="Seconds. What comes sooner is sent back."
            min={0}
            max={60}
            clampBehavior="strict"
            value={protection.minSeconds}
            onChange={(value) => set({ minSeconds: Number(value) || 0 })}
          />
          <NumberInput
            label="From one address in ten minutes"
            description="An office or a mobile network is one address."
            min={1}
            max={1000}
            clampBehavior="strict"
            value={protection.perAddress}
            onChange={(value) => set({ perAddress: Number(value) || 1 })}
          />
        </div>
        <Switch
          label="Let the browser work for a second before it sends"
          description="Makes sending in bulk costly. Without JavaScript the form cannot be sent then."
          checked={protection.hasWork}
          onChange={(event) => set({ hasWork: event.currentTarget.checked })}
        />
      </div>
    </Section>
  )
}

export function OptInSettings({ definition, hasMail, onChange }: SettingsProps & { hasMail: boolean }) {
  const { letter, isDoubleOptIn } = definition
  const words = formWords[definition.language]
  return (
    <Section title="Double opt-in">
      <div className={classes.column}>
        <Switch
          label="Consents count once a link in a mail was followed"
          description={
            hasMail
              ? 'The lead comes in at once; until the address is confirmed there is no consent. Each mailbox gets at most three mails a day.'
              : 'Mail is not set up: whoever runs the installation sets SMTP_URL and MAIL_FROM.'
          }
          checked={isDoubleOptIn}
          disabled={!hasMail && !isDoubleOptIn}
          onChange={(event) => onChange({ isDoubleOptIn: event.currentTarget.checked })}
        />
        {isDoubleOptIn ? (
          <>
            <TextInput
              label="Subject of the mail"
              placeholder={words.letterSubject}
              maxLength={200}
              value={letter.subject}
              onChange={(event) => onChange({ letter: { ...letter, subject: event.currentTarget.value } })}
            />
            <Textarea
              label="Text of the mail"
              placeholder={words.letterText}
              autosize
              minRows={3}
              maxLength={2000}
              value={letter.text}
              onChange={(event) => onChange({ letter: { ...letter, text: event.currentTarget.value } })}
            />
            <Text fz="xs" c="dimmed">
              The button “{words.letterAction}” follows. The link works for seven days.
            </Text>
          </>
        ) : null}
      </div>
    </Section>
  )
}
