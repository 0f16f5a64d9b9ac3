import type { DocumentRequest, NeedOf } from "./need.ts";

export const document = {
  /** The text a person pasted or dropped for this check, 1 MiB at most. Not given: the check is skipped. */
  text(): NeedOf<DocumentRequest, string, false> {
    return { type: "document.text", maxBytes: 1 << 20, optional: false };
  },
};
