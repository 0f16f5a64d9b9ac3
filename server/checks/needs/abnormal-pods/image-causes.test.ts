import { describe, expect, test } from "vitest";
import { type CauseCase, codeOf, waiting } from "./testing/cases.ts";

/** The words of registries and runtimes, each with the cause it must lead to. */

describe("an image that does not come", () => {
  test.each([
    ['failed to resolve reference "r/a:1": r/a:1: not found', "image-not-found"],
    ["manifest unknown: manifest unknown", "image-not-found"],
    [
      'failed to resolve reference "r/a:1": pulling from host r failed with status code [manifests 1]: 401 Unauthorized',
      "image-pull-unauthorized",
    ],
    [
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      "image-pull-unauthorized",
    ],
    [
      'failed to do request: Head "https://r:5000/v2/a/manifests/1": http: server gave HTTP response to HTTPS client',
      "image-registry-plain-http",
    ],
    ['Head "https://r/v2/": x509: certificate signed by unknown authority', "image-registry-untrusted"],
    [
      'Head "https://r/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
      "image-registry-untrusted",
    ],
    ["dial tcp: lookup r.example on 10.96.0.10:53: no such host", "image-registry-unreachable"],
    ["dial tcp 10.0.0.1:443: i/o timeout", "image-registry-unreachable"],
    ["net/http: TLS handshake timeout", "image-pull-timeout"],
    ["rpc error: code = DeadlineExceeded desc = context deadline exceeded", "image-pull-timeout"],
    [
      "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit",
      "image-registry-throttled",
    ],
    ["pull QPS exceeded", "image-registry-throttled"],
    ["failed to extract layer sha256:aa: archive/tar: invalid tar header: unknown", "image-damaged"],
    ["failed to copy: httpReadSeeker: failed open: unexpected EOF", "image-damaged"],
    ["no match for platform in manifest: not found", "image-wrong-platform"],
    ["write /var/lib/containerd/x: no space left on device", "node-disk-full"],
    ["something nobody has seen", "image-pull-unexplained"],
  ])("%s", (message, code) => {
    for (const reason of ["ErrImagePull", "ImagePullBackOff"])
      expect(codeOf({ pod: waiting(reason, message) })).toBe(code);
  });

  test("a missing pull secret speaks for the credentials", () => {
    const event: CauseCase["event"] = [
      "FailedToRetrieveImagePullSecret",
      "Unable to retrieve some image pull secrets (regcred)",
    ];
    expect(codeOf({ pod: waiting("ErrImagePull", "failed"), event })).toBe("image-pull-unauthorized");
  });
});
