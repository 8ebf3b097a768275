/** Whether a text holds every word that somebody looks for, in whatever order. */
export function mentions(whole: string, looked: string): boolean {
  const known = whole.toLowerCase();
  return looked
    .toLowerCase()
    .split(/\s+/)
    .every((word) => known.includes(word));
}
