/** The colour themes a person can choose, and the cookie that keeps the choice. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const themeCookie = 'gi-theme'

/** The theme a cookie names; anything else is as the device says. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}
