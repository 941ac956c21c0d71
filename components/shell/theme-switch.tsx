'use client'

import { useState } from 'react'
import { type Theme, themeCookie, themes } from '@/components/shell/theme'

const names: Readonly<Record<Theme, string>> = { system: 'Same as this device', light: 'Light', dark: 'Dark' }

/** Light, dark or as the device says. Kept in a cookie of this host, so the server draws the first paint in the right colours. */
export function ThemeSwitch({ initial }: Readonly<{ initial: Theme }>) {
  const [theme, setTheme] = useState(initial)
  const choose = (next: Theme) => {
    setTheme(next)
    if (next === 'system') document.documentElement.removeAttribute('data-theme')
    else document.documentElement.setAttribute('data-theme', next)
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers schools still use
    document.cookie = `${themeCookie}=${next}; path=/; max-age=${next === 'system' ? 0 : 31_536_000}; samesite=lax`
  }
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm text-ink-soft">Colours</legend>
      {themes.map((value) => (
        <label key={value} className="flex min-h-8 items-center gap-2">
          <input
            type="radio"
            name="theme"
            value={value}
            checked={theme === value}
            onChange={() => choose(value)}
            className="size-4 accent-accent"
          />
          {names[value]}
        </label>
      ))}
    </fieldset>
  )
}
