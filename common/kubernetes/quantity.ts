const suffixes: Record<string, number> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A resource quantity as a number ("250m" → 0.25, "2e3" → 2000); null where it is none. */
export function parseQuantity(text: string | number | undefined): number | null {
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([a-zA-Z]{0,2}))$/.exec(String(text ?? ""));
  if (!parts) return null;
  const [, digits, exponent, suffix = ""] = parts;
  const factor = exponent === undefined ? suffixes[suffix] : 10 ** Number(exponent);
  return factor === undefined ? null : Number(digits) * factor;
}

/** CPU in whole thousandths of a core, rounded up as the API server does; null where there is none. */
export function millicores(text: string | number | undefined): number | null {
  const cores = parseQuantity(text);
  return cores === null ? null : Math.ceil(Number((cores * 1000).toFixed(6)));
}
