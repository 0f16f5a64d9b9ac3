import { afterAll, beforeAll, expect, test } from "vitest";
import { type PracticeCluster, startPracticeCluster } from "./practice-cluster.ts";
import { type As, ask, getList } from "./testing/client.ts";
import { headDifferences, masked, type Rename, recording, replay } from "./testing/recordings.ts";

let cluster: PracticeCluster;
/** the pod that stands for the recorded one */
let pod: { namespace: string; name: string };

beforeAll(async () => {
  cluster = await startPracticeCluster({ faults: [] });
  const [first] = (await getList(cluster, "admin", "/api/v1/namespaces/checkout/pods")).items;
  if (!first) throw new Error("The practice cluster has no pods.");
  pod = first.metadata;
  await ask(cluster, "admin", "/api/v1/namespaces/payments/configmaps", {
    method: "POST",
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings" },
      data: { LOG_LEVEL: "debug" },
    },
  });
});
afterAll(() => cluster.close());

/** Users of the recorded cluster under their names here. */
const renameUsers = (text: string) => text.replaceAll("nobody-user", "nobody");

/** Answers that must be the same to the letter: number, who asks, other names. */
const same: [number: string, as: As, rename?: Rename][] = [
  ["131", "admin"],
  ["132", "admin"],
  ["136", "admin"],
  ["138", "admin"],
  ["142", "viewer"],
  ["400", { token: "garbage" }],
  ["409", "anonymous"],
  ["410", "nobody"],
  ["413", "viewer"],
  ["415", "nobody"],
  ["419", "nobody"],
  ["420", "viewer"],
  ["421", "viewer"],
  ["430", "admin"],
  ["431", "admin"],
  ["432", "admin"],
  ["433", "admin"],
  ["434", "admin"],
  ["435", "admin"],
  ["440", "admin"],
  ["441", "admin"],
  ["443", "admin"],
  ["445", "admin"],
  ["446", "admin"],
  ["447", "admin"],
  ["448", "admin"],
  ["449", "admin"],
  ["450", "admin"],
  ["451", "admin"],
  ["452", "admin"],
  ["455", "admin"],
  ["458", "admin"],
  ["459", "admin"],
  ["465", "admin"],
  ["466", "admin"],
  ["479", "admin"],
  ["505", "admin"],
  ["512", "admin", (text) => text.replaceAll("cart-v1-0", pod.name).replaceAll("shop", pod.namespace)],
  ["513", "admin"],
  ["530", "admin"],
  ["602", "anonymous"],
  ["611", "nobody"],
  ["612", "viewer"],
  ["613", "viewer"],
  ["614", "admin"],
  ["617", "admin"],
  ["623", "viewer"],
  ["641", "admin"],
  ["647", "admin", (text) => text.replace("cart-v1-0", pod.name).replace("shop", pod.namespace)],
];

test.each(same)(
  "recording %s as %j: status, headers and body are the recorded ones",
  async (number, as, rename) => {
    const expected = recording(number);
    const reply = await replay(cluster, number, as, rename);
    expect(headDifferences(reply, expected)).toEqual([]);
    if (typeof expected.body === "string") expect(reply.text).toBe(expected.body);
    else expect(reply.body).toEqual(JSON.parse(renameUsers(JSON.stringify(expected.body))));
  },
);

const maskedSame: [number: string, as: As, rename?: Rename][] = [
  ["100", "viewer"],
  ["102", "admin"],
  ["221", "admin"],
  ["600", "adminCertificate"],
  ["640", "admin"],
];

test.each(maskedSame)("recording %s as %j: the same but for generated values", async (number, as, rename) => {
  const expected = recording(number);
  const reply = await replay(cluster, number, as, rename);
  expect(headDifferences(reply, expected)).toEqual([]);
  expect(masked(reply.body)).toEqual(masked(expected.body));
});

test("406 names what this server can write, in the recorded form", async () => {
  for (const number of ["453", "454"]) {
    const { body } = recording(number) as { body: { message: string } };
    const reply = await replay(cluster, number, "admin");
    expect(headDifferences(reply, recording(number))).toEqual([]);
    const message = body.message.replace(/(: application\/json), .*$/s, "$1");
    expect(reply.body).toEqual({ ...body, message });
  }
});

test("a body of another media type is refused with the list of those accepted", async () => {
  const reply = await replay(cluster, "457", "admin");
  expect(headDifferences(reply, recording("457"))).toEqual([]);
  expect(reply.body).toMatchObject({ reason: "UnsupportedMediaType", code: 415 });
});
