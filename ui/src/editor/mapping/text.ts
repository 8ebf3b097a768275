/** A mapped value as it is edited: a text as it is, anything else as JSON. */
export const asText = (value: unknown): string =>
  typeof value === "string" ? value : value == null ? "" : JSON.stringify(value);
