/** Kept free for the scores of surveys. */
export function Scores() {
  return null;
}
