import { describe, expect, test } from "vitest";
import { mailOf } from "./mail.ts";
import type { Message } from "./message.ts";
import { escapeMrkdwn, slackBody } from "./slack.ts";
import { webhookBody } from "./webhook-body.ts";

const nasty =
  "`</li><!channel> <@U1> <http://evil.example|ok> *b* _i_ @here www.evil.example :fire: & \r\nBcc: a@b.c";
const cluster = { slug: "prod", name: nasty, production: true };

function messageWith(text: string): Message {
  const check = { id: "kubernetes/example", title: text };
  return {
    ...{ id: "01935f3e-0000-7000-8000-000000000001", kind: "changes", locale: "en" },
    team: { slug: "a-team", name: text },
    channel: { id: "01935f3e-0000-7000-8000-000000000002", name: text },
    at: "2026-11-28T12:00:00.000Z",
    counts: { opened: 12, resolved: 1, not_run: 1, unreadable: 1 },
    clusters: [
      { ...cluster, url: "https://weekbook.example.com/a-team/clusters/prod", new: 12, gone: 1, worse: 0 },
    ],
    runs: [{ id: "r", url: "https://weekbook.example.com/a-team/runs/r", schedule: text }],
    findings: [
      {
        ...{
          id: "f",
          url: "https://weekbook.example.com/a-team/findings/f",
          change: "opened",
          verdict: "fail",
        },
        ...{ previousVerdict: null, cluster, check, message: text, at: "2026-11-28T12:00:00.000Z" },
        subject: { kind: "Pod", namespace: "payments", name: text },
      },
    ],
    more: 11,
    checks: [
      {
        ...{ change: "unreadable", cluster, check, target: text, reason: text },
        url: "https://weekbook.example.com/a-team/runs/r",
      },
    ],
    schedules: [
      { id: "s", url: "https://weekbook.example.com/a-team/schedules#s", name: text, why: text, at: "" },
    ],
    url: "https://weekbook.example.com/a-team/findings",
  };
}

describe("Slack", () => {
  const body = JSON.stringify(slackBody(messageWith(nasty)));

  test("nothing of a name becomes a mention, a link, a channel or mark-up", () => {
    const { blocks } = slackBody(messageWith(nasty)) as {
      blocks: { type: string; text?: { type: string; text: string } }[];
    };
    const written = blocks.filter(({ type }) => type === "section").map(({ text }) => text?.text ?? "");
    expect(written.length).toBeGreaterThan(3);
    for (const text of written) {
      const own = text.replaceAll(/<https:\/\/weekbook\.example\.com\/[^|>]*\|[^<>]*>/g, "");
      expect(own).not.toMatch(/[<>]/);
      expect(own).not.toMatch(/@here|@U1|!channel|http:\/\//);
      // Between back quotes these are no signs.
      expect(own.replaceAll(/(?<!\u200b)`[^`]*`/g, "")).not.toMatch(/(?<!\u200b)[_~`]|:fire:|www\.evil/);
    }
    expect(body).not.toContain("<!channel>");
    expect(body).not.toContain("http://evil");
    expect(body).toContain('"verbatim":true');
  });

  test("what everybody writes stays readable", () => {
    expect(escapeMrkdwn("pod web-0 in payments uses 95 % of 2Gi")).toBe(
      "pod web-0 in payments uses 95 % of 2Gi",
    );
    expect(escapeMrkdwn("a < b & c")).toBe("a &lt; b &amp; c");
  });

  test("stays within what Slack takes", () => {
    const long = slackBody(messageWith("x".repeat(5_000))) as {
      blocks: { text?: { text: string } }[];
      text: string;
    };
    expect(long.blocks.length).toBeLessThanOrEqual(50);
    for (const { text } of long.blocks) expect(text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
    expect(long.blocks[0]?.text?.text.length).toBeLessThanOrEqual(150);
  });
});

describe("mail", () => {
  const mail = mailOf(messageWith(nasty));

  test("no name begins a header or a line", () => {
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  test("no name becomes HTML", () => {
    const tags = new Set([...mail.html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name]) => name));
    const ours = [
      "!doctype",
      "html",
      "meta",
      "title",
      "body",
      "h1",
      "ul",
      "li",
      "p",
      "a",
      "br",
      "code",
      "small",
    ];
    expect([...tags].filter((tag) => !ours.includes(tag ?? ""))).toEqual([]);
    expect(mail.html.match(/<li>/g)).toHaveLength(3);
    expect(mail.html).not.toContain("http://evil.example|ok>");
  });

  test("says the same in text and in HTML", () => {
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain("12 new, 1 gone");
      expect(part).toContain("https://weekbook.example.com/a-team/findings/f");
      expect(part).toContain("11 more findings are not shown here.");
    }
  });
});

test("a webhook gets the text as it is, and a version", () => {
  const body = webhookBody(messageWith(nasty));
  expect(body).toMatchObject({ version: 1, kind: "changes", counts: { opened: 12 } });
  expect(JSON.stringify(body)).toContain("<!channel>");
});

test("in Chinese", () => {
  const message = { ...messageWith("web-0"), locale: "zh-CN" as const, clusters: [] };
  expect(mailOf(message).subject).toBe(
    "[web-0] 新增 12 项，消失 1 项，1 项检查无法得出结论，1 个定时任务未运行",
  );
  expect(mailOf({ ...message, kind: "summary" }).subject).toContain("免打扰时段内：");
});
