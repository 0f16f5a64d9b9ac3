import type { RegistryImage, RegistryRequest } from "../../checks/needs/endpoint-requests.ts";
import { createRedactor } from "../../redact.ts";
import type { EndpointConnector, Reading } from "../connector.ts";
import type { Dialler } from "../dialler.ts";
import { parseHttpUrl } from "../http/address.ts";
import { createExchanger } from "../http/exchange.ts";
import type { Trust } from "../http/open-connection.ts";
import { readImage } from "./image.ts";
import { parseReference } from "./reference.ts";
import { createSession } from "./session.ts";

/** A registered registry. Credential and trust are for its own address; `tokenHosts` may get the credential as well. */
export type OwnRegistry = Trust & {
  baseUrl: string;
  username?: string;
  password?: string;
  /** hosts a person confirmed as places that hand out its tokens */
  tokenHosts?: readonly string[];
};

export type RegistryConnectorOptions = {
  dialler: Dialler;
  own?: OwnRegistry;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
};

export function createRegistryConnector(
  options: RegistryConnectorOptions,
): EndpointConnector<RegistryRequest> {
  const { dialler, own } = options;
  const base = own && parseHttpUrl(own.baseUrl, "the registered registry");
  const { username = "", password } = own ?? {};
  const credential = password === undefined ? undefined : { username, password };
  const redactor = credential && createRedactor([credential.password]);
  const settings = {
    dialler,
    trust: (url: URL): Trust => (own && url.hostname === base?.hostname ? own : {}),
    protocols: ["http/1.1"] as const,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
  };

  return {
    async read(request, context): Promise<Reading<RegistryImage>> {
      const what = `image ${request.reference}`;
      const reference = parseReference(request.reference, base);
      const exchanger = createExchanger(settings, { keepAlive: true });
      const session = createSession({
        exchanger,
        reference,
        credential: reference.isOwn ? credential : undefined,
        confirmedHosts: own?.tokenHosts ?? [],
        what,
        context,
      });
      try {
        const asked = { reference: request.reference, platform: request.platform, what };
        const reading = await readImage(session, reference, asked);
        return redactor ? redactor.value(reading) : reading;
      } finally {
        exchanger.close();
      }
    },
    close: () => Promise.resolve(),
  };
}
