import type { Endpoint } from "../dialler.ts";
import { isPlainHost } from "../host-name.ts";

/** Where mail goes through. `secure`: TLS from the first byte; otherwise STARTTLS, without which no password is sent. */
export type MailServer = Endpoint & {
  secure: boolean;
  auth: { user: string; pass: string } | undefined;
  from: { name: string; address: string };
  /** beside the roots this machine trusts; for tests */
  caPem?: string;
};

const sender = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+))$/u;

/** The mail server of WEEKBOOK_SMTP_URL and WEEKBOOK_SMTP_FROM; null without the first. Throws a sentence. */
export function mailServerOf(url: string | undefined, from: string | undefined): MailServer | null {
  if (url === undefined) return null;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const host = parsed?.hostname.replace(/^\[|\]$/g, "") ?? "";
  if (!parsed || !["smtp:", "smtps:"].includes(parsed.protocol) || !isPlainHost(host)) {
    throw new Error("WEEKBOOK_SMTP_URL must be an address such as smtps://user:password@mail.example.com.");
  }
  const [, name = "", named, bare] = sender.exec(from?.trim() ?? "") ?? [];
  const address = named ?? bare;
  if (address === undefined) {
    throw new Error('WEEKBOOK_SMTP_FROM must be an address such as "Weekbook <weekbook@example.com>".');
  }
  const secure = parsed.protocol === "smtps:";
  const user = decodeURIComponent(parsed.username);
  return {
    ...{ host, port: Number(parsed.port || (secure ? 465 : 587)), secure },
    auth: user === "" ? undefined : { user, pass: decodeURIComponent(parsed.password) },
    from: { name: name.trim() || "Weekbook", address },
  };
}
