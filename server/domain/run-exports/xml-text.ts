const named: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** What XML 1.0 has no way to say, not even as a reference: most control characters, halves of pairs, two others. */
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text between two tags. */
export function xmlText(text: string): string {
  return text.replace(forbidden, "\ufffd").replace(/[&<>]|\r/g, (char) => named[char] ?? "&#13;");
}

/** The value of an attribute in double quotes. A line break stays one: readers turn a bare one into a space. */
export function xmlAttribute(text: string): string {
  return text
    .replace(forbidden, "\ufffd")
    .replace(/[&<>"\n\r\t]/g, (char) => named[char] ?? `&#${char.charCodeAt(0)};`);
}
