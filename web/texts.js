/** The texts of the pages, from the one catalogue that the templates read too. */

import texts from "./texts.json" with { type: "json" };

/** Return a text with its places filled in; with `n`, in the form for one or for several. */
export function t(key, values = {}) {
  const form = "n" in values ? `${key}.${values.n === 1 ? "one" : "other"}` : key;
  const found = texts[form] ?? texts[key];
  if (found === undefined) throw new Error(`The catalogue has no text “${key}”`);
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
