import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type OpensslCertificate = {
  serial: string;
  notBefore: Date;
  notAfter: Date;
  algorithm: string;
  signatureHex: string;
  /** of the to-be-signed part */
  sha256: string;
};

/** What the openssl command says of certificates, to compare our own reading with. Removes its files when disposed. */
export function openssl(): Disposable & {
  read(pem: string): OpensslCertificate;
  /** the DigestInfo inside an RSA signature, opened with the issuer's public key */
  recover(pem: string, issuerPem: string): string;
  /** `openssl dgst -verify` over the to-be-signed part */
  verifySignature(pem: string, issuerPem: string): boolean;
  /** r and s of an ECDSA signature, as asn1parse prints them */
  ecdsa(pem: string): string[];
  verify(options: { leaf: string; untrusted?: string; root: string; name?: string }): {
    ok: boolean;
    output: string;
  };
} {
  const folder = mkdtempSync(join(tmpdir(), "weekbook-openssl-"));
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const run = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const text = (...args: string[]) => run(...args).toString();

  /** The signed part and the signature, cut out by asn1parse at the offsets it names. */
  function cut(pem: string): { body: string; signature: string } {
    const path = file("cut.pem", pem);
    const offset = /^\s*(\d+):d=1 .*BIT STRING/m.exec(text("asn1parse", "-in", path))?.[1] ?? "";
    const [body, signature] = [join(folder, "body.bin"), join(folder, "signature.bin")];
    run("asn1parse", "-in", path, "-strparse", "4", "-noout", "-out", body);
    run("asn1parse", "-in", path, "-strparse", offset, "-noout", "-out", signature);
    return { body, signature };
  }

  function publicKey(pem: string): string {
    return file("issuer.pub", run("x509", "-in", file("issuer.pem", pem), "-noout", "-pubkey"));
  }

  return {
    read(pem) {
      const { body, signature } = cut(pem);
      const path = file("one.pem", pem);
      const printed = text("x509", "-in", path, "-noout", "-serial", "-startdate", "-enddate", "-text");
      const field = (pattern: RegExp) => pattern.exec(printed)?.[1]?.trim() ?? "";
      return {
        serial: field(/^serial=(.*)$/m).toLowerCase(),
        notBefore: new Date(field(/^notBefore=(.*)$/m)),
        notAfter: new Date(field(/^notAfter=(.*)$/m)),
        algorithm: field(/Signature Algorithm: (.*)$/m),
        signatureHex: readFileSync(signature).toString("hex"),
        sha256: text("dgst", "-sha256", "-r", body).split(" ")[0] ?? "",
      };
    },
    recover(pem, issuerPem) {
      const { signature } = cut(pem);
      return run(
        "pkeyutl",
        "-verifyrecover",
        "-pubin",
        "-inkey",
        publicKey(issuerPem),
        "-in",
        signature,
      ).toString("hex");
    },
    verifySignature(pem, issuerPem) {
      const { body, signature } = cut(pem);
      const args = ["dgst", "-sha256", "-verify", publicKey(issuerPem), "-signature", signature, body];
      return spawnSync("openssl", args, { cwd: folder }).status === 0;
    },
    ecdsa(pem) {
      const { signature } = cut(pem);
      const parsed = text("asn1parse", "-inform", "DER", "-in", signature);
      return [...parsed.matchAll(/INTEGER\s+:([0-9A-F]+)/g)].map((match) => (match[1] ?? "").toLowerCase());
    },
    verify({ leaf, untrusted, root, name }) {
      const args = ["verify", "-no-CApath", "-CAfile", file("root.pem", root)];
      if (untrusted) args.push("-untrusted", file("untrusted.pem", untrusted));
      if (name) args.push("-verify_hostname", name);
      const result = spawnSync("openssl", [...args, file("leaf.pem", leaf)], { cwd: folder });
      return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
