type Plain = Record<string, unknown>;

/** A field that can be mapped: how it is reached, what it is called, and a value it had. */
export type Mappable = {
  path: string;
  name: string;
  title: string;
  sample: unknown;
  members: Mappable[];
};

const NEEDS_QUOTES = /[^\p{L}\p{N}_]|^\d/u;
const DEEPEST = 6;

/** The fields of a module's bundles: those declared, and those that a bundle really has. */
export function mappable(schema: Plain, bundle: unknown): Mappable[] {
  const defs = (schema.$defs ?? {}) as Record<string, Plain>;
  return members(schema, bundle, "", defs, 0);
}

function members(
  schema: Plain,
  value: unknown,
  before: string,
  defs: Record<string, Plain>,
  depth: number,
): Mappable[] {
  if (depth > DEEPEST) return [];
  const declared = (schema.properties ?? {}) as Record<string, Plain>;
  const real = isObject(value) ? value : {};
  const names = [...new Set([...Object.keys(declared), ...Object.keys(real)])];
  return names.map((name) => {
    const inner = resolved(declared[name] ?? {}, defs);
    const path = before + (before ? "." : "") + quoted(name);
    const sample = real[name];
    const first = Array.isArray(sample) ? sample[0] : sample;
    const items = inner.items ? resolved(inner.items as Plain, defs) : inner;
    const isList = Array.isArray(sample) || Boolean(inner.items);
    return {
      path,
      name,
      title: String(declared[name]?.title ?? name),
      sample,
      members: members(items, first, isList ? `${path}[]` : path, defs, depth + 1),
    };
  });
}

function resolved(schema: Plain, defs: Record<string, Plain>): Plain {
  const several = schema.anyOf as Plain[] | undefined;
  const meant = several?.find((one) => one.type !== "null") ?? schema;
  const target = meant.$ref as string | undefined;
  return target ? (defs[target.split("/").at(-1) ?? ""] ?? {}) : meant;
}

const quoted = (name: string) => (NEEDS_QUOTES.test(name) ? `\`${name}\`` : name);

function isObject(value: unknown): value is Plain {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
