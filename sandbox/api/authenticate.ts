import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { fingerprint } from "../certificates.ts";
import type { User } from "./access.ts";
import { unauthorized } from "./status.ts";

/** Who asks: by client certificate, else by bearer token, else system:anonymous. Anything wrong is a 401. */
export function authenticate(request: IncomingMessage, tokens: ReadonlyMap<string, string>): User {
  const byCertificate = certificateUser(request.socket);
  if (byCertificate) return byCertificate;
  const header = request.headers.authorization;
  if (header === undefined) return { username: "system:anonymous", groups: ["system:unauthenticated"] };
  const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  const username = token === undefined ? undefined : tokens.get(token);
  if (username === undefined) throw unauthorized();
  return userNamed(username);
}

function userNamed(username: string): User {
  const masters = username === "admin" ? ["system:masters"] : [];
  return { username, groups: [...masters, "system:authenticated"] };
}

function certificateUser(socket: unknown): User | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerCertificate();
  if (!certificate || Object.keys(certificate).length === 0) return undefined;
  // TLS itself let it pass, so that the answer can be a 401 as on a real server
  if (!socket.authorized) throw unauthorized();
  const { CN, O } = certificate.subject;
  const groups = O === undefined ? [] : [O].flat();
  return {
    username: [CN].flat()[0] ?? "",
    groups: [...groups, "system:authenticated"],
    credentialId: `X509SHA256=${fingerprint(certificate.raw)}`,
  };
}
