/** One DER element: `content` lies within `whole`, both views on the same bytes. */
export type Der = { tag: number; whole: Buffer; content: Buffer };

export class MalformedCertificate extends Error {
  override name = "MalformedCertificate";
}

/** Reads the element at the start of `bytes`. Definite lengths only, as DER demands. */
export function readDer(bytes: Buffer): Der {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined) throw new MalformedCertificate("DER ends early");
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets < 1 || octets > 4 || bytes.length < 2 + octets) throw new MalformedCertificate("DER length");
    length = bytes.readUIntBE(2, octets);
    header += octets;
  }
  const end = header + length;
  if (end > bytes.length) throw new MalformedCertificate("DER ends early");
  return { tag, whole: bytes.subarray(0, end), content: bytes.subarray(header, end) };
}

/** The elements inside a constructed element, in order. */
export function derChildren(parent: Der): Der[] {
  const children: Der[] = [];
  let rest = parent.content;
  while (rest.length > 0) {
    const child = readDer(rest);
    children.push(child);
    rest = rest.subarray(child.whole.length);
  }
  return children;
}

export function childAt(parent: Der, index: number): Der {
  const child = derChildren(parent)[index];
  if (child === undefined) throw new MalformedCertificate(`DER element ${index} is missing`);
  return child;
}

/** An OBJECT IDENTIFIER in dotted form. */
export function derOid(element: Der): string {
  if (element.tag !== 0x06) throw new MalformedCertificate("OBJECT IDENTIFIER expected");
  const arcs: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(Math.floor(value / 40), 2), value - Math.min(Math.floor(value / 40), 2) * 40);
    else arcs.push(value);
    value = 0;
  }
  return arcs.join(".");
}

/** A non-negative INTEGER as hex without its leading zero octet. */
export function derIntegerHex(element: Der): string {
  if (element.tag !== 0x02) throw new MalformedCertificate("INTEGER expected");
  const hex = element.content.toString("hex");
  return hex.length > 2 && hex.startsWith("00") ? hex.slice(2) : hex;
}

/** The content of a BIT STRING that holds whole octets. */
export function derBitString(element: Der): Buffer {
  if (element.tag !== 0x03 || element.content[0] !== 0) throw new MalformedCertificate("BIT STRING expected");
  return element.content.subarray(1);
}
