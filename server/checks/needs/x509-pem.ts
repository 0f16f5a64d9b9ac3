/** A PEM block found in a text, with the line its BEGIN stands on (from 1). */
export type PemBlock = { label: string; line: number; endLine: number | null; der: Buffer };

const begin = /^\s*-----BEGIN ([A-Z0-9 ]+)-----\s*$/;
const end = /^\s*-----END ([A-Z0-9 ]+)-----\s*$/;

/**
 * Every PEM block of a text, among whatever else it holds (what `openssl s_client -showcerts` prints around them).
 * A block without its END line has `endLine: null`. The bodies of private keys are not decoded and not kept.
 */
export function readPemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; line: number; body: string[] } | null = null;
  const close = (endLine: number | null) => {
    if (!open) return;
    const keep = isCertificateLabel(open.label) && endLine !== null;
    blocks.push({
      label: open.label,
      line: open.line,
      endLine,
      der: keep ? Buffer.from(open.body.join(""), "base64") : Buffer.alloc(0),
    });
    open = null;
  };
  text.split(/\r?\n/).forEach((content, index) => {
    const opening = begin.exec(content)?.[1];
    const closing = end.exec(content)?.[1];
    if (opening !== undefined) {
      close(null);
      open = { label: opening, line: index + 1, body: [] };
    } else if (closing !== undefined) close(index + 1);
    else open?.body.push(content.trim());
  });
  close(null);
  return blocks;
}

export function isCertificateLabel(label: string): boolean {
  return label === "CERTIFICATE" || label === "X509 CERTIFICATE" || label === "TRUSTED CERTIFICATE";
}

export function isPrivateKeyLabel(label: string): boolean {
  return label.endsWith("PRIVATE KEY");
}
