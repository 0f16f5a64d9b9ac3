import { qualifiedName } from "../cluster/resources.ts";

export type StatusCause = { reason: string; message: string; field?: string };
export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
};

/** A refusal in the words of a real API server. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;
  readonly headers: Record<string, string>;
  readonly continueToken: string | undefined;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    more: { details?: StatusDetails; headers?: Record<string, string>; continueToken?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = more.details;
    this.headers = more.headers ?? {};
    this.continueToken = more.continueToken;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: "Failure",
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** The paths no group or version stands for: text, not a Status. */
export class PageNotFound extends Error {}

type Named = { group: string; name: string };

const detailsOf = ({ group, name: kind }: Named, name?: string): StatusDetails => ({
  ...(name && { name }),
  ...(group && { group }),
  kind,
});

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, "NotFound", `${qualifiedName(resource)} "${name}" not found`, {
    details: detailsOf(resource, name),
  });
}

export function notServed(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", { details: {} });
}

export function methodNotAllowed(): ApiError {
  const message = "the server does not allow this method on the requested resource";
  return new ApiError(405, "MethodNotAllowed", message, { details: {} });
}

export function invalid(
  kind: { group?: string; kind?: string; name?: string },
  cause: Required<StatusCause>,
): ApiError {
  const named = `${kind.kind ?? ""}${kind.group ? `.${kind.group}` : ""} "${kind.name ?? ""}"`;
  return new ApiError(422, "Invalid", `${named} is invalid: ${cause.field}: ${cause.message}`, {
    details: {
      ...(kind.name && { name: kind.name }),
      ...(kind.group && { group: kind.group }),
      ...(kind.kind && { kind: kind.kind }),
      causes: [cause],
    },
  });
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, { details: detailsOf(resource, name) });
}

export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError(409, "AlreadyExists", `${qualifiedName(resource)} "${name}" already exists`, {
    details: detailsOf(resource, name),
  });
}

export function forbidden(message: string, details: StatusDetails): ApiError {
  return new ApiError(403, "Forbidden", message, {
    details,
    headers: { "X-Content-Type-Options": "nosniff" },
  });
}
