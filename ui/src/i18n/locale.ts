/** How numbers and times are written: as the browser does, in the language that is shown. */
export function localeOf(language: string): string {
  return navigator.languages.find((one) => one.startsWith(language)) ?? language;
}
