import { AUTHORITATIVE_ANSWER, encode, type Packet } from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ReadError } from "../connector.ts";
import { decodeAnswer, encodeQuestion, maxAnswers, printable, questionName } from "./wire.ts";

const question = { name: "www.example.test", recordType: "A" } as const;
const good: Packet = {
  type: "response",
  id: 7,
  flags: AUTHORITATIVE_ANSWER,
  questions: [{ type: "A", name: "WWW.Example.test" }],
  answers: [{ type: "A", name: "www.example.test", ttl: 60, data: "192.0.2.1" }],
};

test("the answer to the question is read, however its name is spelt", () => {
  expect(decodeAnswer(encode(good), question, 7)).toEqual({
    rcode: "NOERROR",
    authoritative: true,
    truncated: false,
    authenticated: false,
    answers: [{ name: "www.example.test", type: "A", ttlSeconds: 60, data: "192.0.2.1" }],
  });
});

test.each([
  ["another id", { ...good, id: 8 }],
  ["a question instead of an answer", { ...good, type: "query" as const }],
  ["another name", { ...good, questions: [{ type: "A" as const, name: "evil.test" }] }],
  ["another type", { ...good, questions: [{ type: "AAAA" as const, name: question.name }] }],
  ["no question", { ...good, questions: [] }],
  [
    "two questions",
    { ...good, questions: [...(good.questions ?? []), { type: "A" as const, name: "x.test" }] },
  ],
])("an answer with %s is another's", (_name, packet) => {
  expect(decodeAnswer(encode(packet), question, 7)).toBeUndefined();
});

describe("hostile messages", () => {
  test("whatever bytes come, there is an answer within bounds or none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const answer = decodeAnswer(Buffer.from(bytes), question, 7);
        expect(answer === undefined || answer.answers.length <= maxAnswers).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("nor does a damaged good one do harm", () => {
    const whole = encode({
      ...good,
      answers: [
        { type: "CNAME", name: question.name, ttl: 1, data: "a.example.test" },
        { type: "TXT", name: "a.example.test", ttl: 1, data: ["one", "two"] },
        {
          type: "MX",
          name: "a.example.test",
          ttl: 1,
          data: { preference: 1, exchange: "mail.example.test" },
        },
        { type: "CAA", name: "a.example.test", ttl: 1, data: { flags: 0, tag: "issue", value: "ca.test" } },
      ],
    });
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, cutAt) => {
        const bytes = Buffer.from(whole);
        for (const [index, value] of changes) bytes[index] = value;
        const answer = decodeAnswer(bytes.subarray(0, Math.max(12, cutAt)), question, 7);
        for (const { name, data } of answer?.answers ?? []) expect(name + data).not.toMatch(/[\p{C}\u2028]/u);
      }),
      { numRuns: 3000 },
    );
  });

  test("a name that points to itself, or in a circle, ends", () => {
    const bytes = encode(good);
    const pointer = bytes.lastIndexOf(Buffer.from([0xc0]));
    for (const target of [pointer, pointer + 1, bytes.length - 1]) {
      const twisted = Buffer.concat([
        bytes.subarray(0, 34),
        Buffer.from([0xc0, Math.max(0, target)]),
        bytes.subarray(34),
      ]);
      expect(() => decodeAnswer(twisted, question, 7)).not.toThrow();
    }
  });

  test("more answers than anybody needs are cut", () => {
    const answers = Array.from({ length: 2000 }, (_, index) => ({
      type: "A" as const,
      name: "a.test",
      ttl: 1,
      data: `192.0.2.${index % 256}`,
    }));
    expect(decodeAnswer(encode({ ...good, answers }), question, 7)?.answers).toHaveLength(maxAnswers);
  });

  test("what moves the cursor or reorders a line is shown as what it is", () => {
    expect(printable("a\u001b[2Jb\nc\u202ed\u0085")).toBe("a\\027[2Jb\\010c\uFFFDd\\133");
    expect(printable("x".repeat(10_000))).toHaveLength(4096);
  });
});

test.each([
  "",
  ".",
  "a..b",
  "-a.test",
  "a b.test",
  "a\nb.test",
  "bücher.test",
  `${"a".repeat(64)}.test`,
  "a.".repeat(130),
])("%j is no name to ask for", (name) => {
  expect(() => questionName(name, "A")).toThrow(ReadError);
});

test("a name may end in a dot, and a service's begin with an underscore", () => {
  expect(questionName("_sip._tcp.example.test.", "SRV")).toBe("_sip._tcp.example.test");
  expect(encodeQuestion({ name: "a.test", recordType: "SRV" }, 1).length).toBeLessThan(100);
});
