import { chooseLocale } from "#common/choose-locale.ts";
import type { Locale } from "#common/text.ts";
import { messagePage } from "#server/domain/html-report/message-page.ts";
import { openLimit, openShare } from "#server/domain/shares/open.ts";
import { renderShare } from "#server/domain/shares/render.ts";
import { sharedPageHeaders } from "./content-security-policy.ts";
import { domainContext, type Services } from "./context.ts";
import { textStream } from "./text-stream.ts";

/**
 * What a link shares, for whoever holds it: no account, no cookie, no script, no way on into the product. A link that
 * was revoked, has expired or never was is the same 404.
 */
export async function sharePage(request: Request, token: string, services: Services): Promise<Response> {
  const locale = localeOf(request);
  try {
    return await answer(token, locale, services);
  } catch (error) {
    // The address is a secret: what is reported does not hold it.
    services.report(error, "GET /share");
    return page(503, await messagePage("failed", locale));
  }
}

async function answer(token: string, locale: Locale, services: Services): Promise<Response> {
  const share = await openShare(services.db, token);
  if (!share) return page(404, await messagePage("gone", locale));
  if (share.requests > openLimit.most) {
    const busy = page(429, await messagePage("busy", locale));
    busy.headers.set("retry-after", String(openLimit.windowSeconds));
    return busy;
  }
  const ctx = domainContext({ services, headers: new Headers(), actor: { type: "nobody" } });
  const parts = await renderShare({ ctx, share, locale });
  if (!parts) return page(410, await messagePage("dropped", locale));
  return page(200, textStream(parts));
}

function page(status: number, body: BodyInit): Response {
  const headers = { ...sharedPageHeaders, "content-type": "text/html; charset=utf-8" };
  return new Response(body, { status, headers });
}

/** As the address asks, else as the browser does. */
function localeOf(request: Request): Locale {
  const asked = new URL(request.url).searchParams.get("language") ?? undefined;
  return chooseLocale(asked, request.headers.get("accept-language"));
}
