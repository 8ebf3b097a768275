/** Lets the button that shows a password be found by keyboard and screen reader. */
export const revealing = (label: string) => ({
  "aria-label": label,
  "aria-hidden": false,
  tabIndex: 0,
});
