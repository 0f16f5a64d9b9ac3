/** Namespaces that several tools share. */
const shared: Readonly<Record<string, readonly string[]>> = {
  "drain-order": ["tool-drain"],
  "drain-simulator": ["tool-drain"],
};

/** The namespaces of messages that these tools speak from. */
export function toolMessages(tools: readonly string[]): string[] {
  return [...new Set(tools.flatMap((tool) => [`tool-${tool}`, ...(shared[tool] ?? [])]))];
}
