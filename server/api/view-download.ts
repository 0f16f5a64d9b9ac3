import { z } from "zod";
import { locales } from "#common/text.ts";
import { exportView, viewFormats } from "#server/domain/view-exports/export.ts";
import { type ViewName, views } from "#server/domain/view-exports/views.ts";
import { AppError } from "#server/errors.ts";
import type { Services } from "./context.ts";
import { askedOf, memberOf, refuse } from "./page-download.ts";
import { fileResponse } from "./rest/file-response.ts";

const asked = z.object({ format: z.enum(viewFormats), language: z.enum(locales).optional() });

/** What a page lists as a file, by a link that carries the page's filters. For every member. */
export async function downloadView(
  request: Request,
  { team, view }: { team: string; view: string },
  services: Services,
): Promise<Response> {
  const { format, language, ...filter } = askedOf(request);
  const how = asked.safeParse({ format, language });
  if (!isView(view)) return refuse(404);
  if (!how.success) return refuse(400);
  const ctx = await memberOf(request, team, services);
  if (ctx instanceof Response) return ctx;
  try {
    const file = await exportView({ ctx, input: { view, ...how.data, filter } });
    return fileResponse(file, new Headers({ "cache-control": "private, no-store" }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(error.code === "not-found" ? 404 : 400);
  }
}

function isView(name: string): name is ViewName {
  return Object.hasOwn(views, name);
}
