import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type CertificateAuthority, createCertificateAuthority } from "#testing/certificates.ts";
import { addChannel, makeEvent, startSending } from "#testing/channels.ts";
import { createTestInstance, type TestInstance } from "#testing/instance.ts";
import { type MailReceiver, startMailReceiver } from "#testing/mail-receiver.ts";
import { makeCluster } from "#testing/run-rows.ts";
import { createDialler } from "../connectors/dialler.ts";
import { type MailServer, mailServerOf } from "../connectors/smtp/mail-server.ts";
import { listDeliveries } from "../domain/channels/deliveries.ts";
import type { TeamContext } from "../domain/context.ts";
import { openMail } from "./open-mail.ts";

const password = "correct horse, battery";
let ca: CertificateAuthority;
let server: { key: string; cert: string; user: string; password: string };
let receiver: MailReceiver;
let instance: TestInstance;
let ctx: TeamContext;
let place: { instance: TestInstance; teamId: string; clusterId: string };
let sender: Awaited<ReturnType<typeof startSending>> | undefined;

beforeAll(async () => {
  ca = await createCertificateAuthority();
  const { keyPem: key, chainPem: cert } = await ca.issue({ names: ["127.0.0.1", "localhost"] });
  server = { key, cert, user: "weekbook", password };
  [instance, receiver] = await Promise.all([createTestInstance(), startMailReceiver(server)]);
});
beforeEach(async () => {
  ctx = await instance.member(await instance.team('Team "A", <b>\u{1F6A8}'), "admin");
  const cluster = await makeCluster({ db: instance.db, teamId: ctx.team.id }, "prod");
  place = { instance, teamId: ctx.team.id, clusterId: cluster.id };
  receiver.mails.splice(0);
});
afterEach(async () => {
  await sender?.stop();
  sender = undefined;
  await instance.db.team.deleteMany();
});
afterAll(async () => {
  await receiver?.close();
  await instance?.close();
});

async function start(port = receiver.port, changes: Partial<MailServer> = {}) {
  const url = `smtp://weekbook:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const from = mailServerOf(url, "Weekbook <weekbook@example.com>");
  const opened = openMail({
    WEEKBOOK_SMTP_URL: url,
    WEEKBOOK_SMTP_FROM: "w@example.com",
    DATABASE_URL: instance.url,
  });
  if (!from || !opened) throw new Error("there is a mail server");
  sender = await startSending(instance, { ...opened, server: { ...from, caPem: ca.certPem, ...changes } });
}
const states = (channelId: string, expected: object[]) =>
  vi.waitFor(
    async () => {
      const { items } = await listDeliveries({ ctx, input: { channelId, limit: 20 } });
      expect(items).toMatchObject(expected);
    },
    { timeout: 20_000, interval: 20 },
  );
const mailTo = (address: string) => addChannel(ctx, { kind: "email", address });
const header = (raw: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, "im").exec(raw)?.[1]?.replace(/\r\n[ \t]/g, "");

test("goes to all recipients with STARTTLS and a password, as text and HTML, with an id that stays", async () => {
  const { channelId } = await mailTo("ada@example.com, bob@example.org");
  await makeEvent(place, "web-0\r\nBcc: eve@example.com", { kind: "opened" });
  await start();
  await states(channelId, [{ state: "delivered", outcome: { status: 250 } }]);
  const [mail, ...others] = receiver.mails;
  if (!mail) throw new Error("no mail came");
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ from: "weekbook@example.com", user: "weekbook", secure: true });
  expect(mail.to).toEqual(["ada@example.com", "bob@example.org"]);
  const [delivery] = await instance.db.delivery.findMany({ where: { channelId } });
  expect(header(mail.raw, "Message-ID")).toBe(`<${delivery?.id}@example.com>`);
  expect(header(mail.raw, "Auto-Submitted")).toBe("auto-generated");
  const head = mail.raw.slice(0, mail.raw.indexOf("\r\n\r\n"));
  expect(head).not.toMatch(/^(Bcc|X-Evil):/im);
  expect(mail.raw).toMatch(/text\/plain/);
  expect(mail.raw).toMatch(/text\/html/);
  expect(sender?.logged()).not.toContain(password);
});

test("one recipient that is refused does not keep it from the others, and is counted", async () => {
  receiver.refuse("gone@example.com", "550 no such user");
  const { channelId } = await mailTo("ada@example.com, gone@example.com");
  await makeEvent(place, "web-0", { kind: "opened" });
  await start();
  await states(channelId, [{ state: "delivered", outcome: { refused: 1 } }]);
  expect(receiver.mails.map(({ to }) => to)).toEqual([["ada@example.com"]]);
});

test("a no for good ends it, a no for now is tried again", async () => {
  receiver.refuse("gone@example.com", "550 no such user");
  receiver.refuse("later@example.com", "451 greylisted, try again");
  const gone = await mailTo("gone@example.com");
  const later = await mailTo("later@example.com");
  await makeEvent(place, "web-0", { kind: "opened" });
  await start();
  await states(gone.channelId, [{ state: "given_up", outcome: { status: 550, ended: "refused" } }]);
  await states(later.channelId, [{ state: "failed", outcome: { status: 451, ended: null } }]);
});

test("a wrong password is said, without saying it", async () => {
  const { channelId } = await mailTo("ada@example.com");
  await makeEvent(place, "web-0", { kind: "opened" });
  await start(receiver.port, { auth: { user: "weekbook", pass: "quite another one" } });
  await states(channelId, [{ state: "failed", outcome: { status: 535 } }]);
  expect(sender?.logged()).not.toContain("quite another one");
});

test("no password without TLS, and none to a server that cannot prove its name", async () => {
  const open = await startMailReceiver({
    ...server,
    more: { hideSTARTTLS: true, disabledCommands: ["STARTTLS"] },
  });
  const { channelId } = await mailTo("ada@example.com");
  await makeEvent(place, "web-0", { kind: "opened" });
  await start(open.port);
  const reason = { code: "unreachable", detail: expect.stringMatching(/^mail-tls/) };
  await states(channelId, [{ state: "failed", outcome: { reason } }]);
  await sender?.stop();
  expect([open.passwords, open.mails]).toEqual([[], []]);
  await open.close();

  const stranger = await createCertificateAuthority();
  const second = await mailTo("ada@example.com");
  await makeEvent(place, "web-1", { kind: "opened" });
  const before = receiver.passwords.length;
  await start(receiver.port, { caPem: stranger.certPem });
  await states(second.channelId, [{ state: "failed" }]);
  expect(receiver.passwords).toHaveLength(before);
});

test("the mail server is the environment's alone, and never our database or a metadata address", async () => {
  const { hostname, port } = new URL(instance.url);
  for (const url of [`smtp://${hostname}:${port || 5432}`, "smtp://169.254.169.254:25"]) {
    const opened = openMail({
      WEEKBOOK_SMTP_URL: url,
      WEEKBOOK_SMTP_FROM: "w@example.com",
      DATABASE_URL: instance.url,
    });
    if (!opened) throw new Error("there is a mail server");
    const options = { signal: AbortSignal.timeout(5_000), timeoutMs: 5_000 };
    await expect(opened.dialler.connect(opened.server, options)).rejects.toThrow("refused-address");
  }
  expect(() => mailServerOf("http://mail.example.com", "w@example.com")).toThrow("WEEKBOOK_SMTP_URL");
  expect(() => mailServerOf("smtp://mail.example.com", "w@example.com\r\nBcc: e@example.com")).toThrow(
    "WEEKBOOK_SMTP_FROM",
  );
  expect(
    openMail({ WEEKBOOK_SMTP_URL: undefined, WEEKBOOK_SMTP_FROM: undefined, DATABASE_URL: instance.url }),
  ).toBeNull();
  const closed = createDialler({ allowedRanges: [], forbidden: [] });
  const options = { signal: AbortSignal.timeout(5_000), timeoutMs: 5_000 };
  await expect(closed.connect({ host: "127.0.0.1", port: receiver.port }, options)).rejects.toThrow(
    "refused-address",
  );
});
