import type { ChannelKind } from "#common/contracts/channel.ts";
import { classify, parseAddress } from "#server/connectors/address.ts";
import { AppError } from "#server/errors.ts";

const mostRecipients = 50;
/** Plain addresses alone: no names, comments, quotes or routes, nothing that could end a line of a header. */
const recipient =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** `text` as it is sealed; `hint`: what an administrator may see of it. Throws `invalid` at the field `address`. */
export function admitAddress(kind: ChannelKind, address: string): { text: string; hint: string } {
  return kind === "email" ? admitRecipients(address) : admitUrl(address);
}

/** The recipients of a sealed address. */
export function recipientsOf(address: string): string[] {
  return address.split(/[\s,;]+/).filter((each) => each !== "");
}

function admitRecipients(address: string) {
  const all = [...new Set(recipientsOf(address))];
  const wrong = all.find((each) => each.length > 254 || !recipient.test(each));
  if (all.length === 0 || wrong !== undefined) refuse("channel-recipient-invalid");
  if (all.length > mostRecipients) refuse("channel-recipients-many", { most: mostRecipients });
  const domains = [...new Set(all.map((each) => each.slice(each.lastIndexOf("@") + 1).toLowerCase()))];
  const shown = domains.slice(0, 3).join(", ");
  return { text: all.join(","), hint: `${all.length} @ ${shown}${domains.length > 3 ? " …" : ""}` };
}

/** Whether the host may be connected to is for the dialler to say, when it does: names lead elsewhere tomorrow. */
function admitUrl(address: string) {
  if (!URL.canParse(address)) refuse("channel-url-invalid");
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") refuse("channel-url-user");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isNear(url.hostname))) {
    refuse("channel-url-https");
  }
  url.hash = "";
  const secret = `${url.pathname}${url.search}`.replace(/\/$/, "");
  const hint = secret.length >= 12 ? `${url.host}/…${secret.slice(-4)}` : url.host;
  return { text: url.href, hint };
}

/** Without TLS only to a machine that is named as one nearby; an administrator has to open those anyway. */
function isNear(hostname: string): boolean {
  if (hostname === "localhost") return true;
  const address = parseAddress(hostname.replace(/^\[|\]$/g, ""));
  return address !== null && ["loopback", "private"].includes(classify(address));
}

function refuse(key: string, values: Record<string, string | number> = {}): never {
  throw new AppError("invalid", "invalid", { fields: { address: key }, values });
}
