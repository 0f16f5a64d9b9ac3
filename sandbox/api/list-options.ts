import { decodeToken, type Position } from "./continue-token.ts";
import { badRequest, invalid } from "./status.ts";

export type ListOptions = {
  /** 0: everything */
  limit: number;
  from: Position | null;
  /** "" when not given */
  resourceVersion: string;
  match: string;
  labelSelector: string;
  fieldSelector: string;
};

/** Reads and validates the query of a list, in the order and words of a real server. */
export function readListOptions(query: URLSearchParams): ListOptions {
  const limit = readLimit(query.get("limit") ?? "");
  const resourceVersion = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  if (match !== "") refuseMatch(match, resourceVersion);
  const token = query.get("continue") ?? "";
  if (token !== "" && resourceVersion !== "" && resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  if (resourceVersion !== "" && !/^\d+$/.test(resourceVersion)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
    );
  }
  return {
    limit,
    from: token === "" ? null : decodeToken(token),
    resourceVersion,
    match,
    labelSelector: query.get("labelSelector") ?? "",
    fieldSelector: query.get("fieldSelector") ?? "",
  };
}

function readLimit(text: string): number {
  if (text === "") return 0;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, Number(text));
}

function refuseMatch(match: string, resourceVersion: string): void {
  const refuse = (message: string, reason = "FieldValueForbidden") =>
    invalid(
      { group: "meta.k8s.io", kind: "ListOptions" },
      { reason, message, field: "resourceVersionMatch" },
    );
  if (resourceVersion === "") {
    throw refuse("Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match === "Exact" && resourceVersion === "0") {
    throw refuse('Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (match !== "Exact" && match !== "NotOlderThan") {
    throw refuse(
      `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
      "FieldValueNotSupported",
    );
  }
}
