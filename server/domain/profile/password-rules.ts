import { dictionary } from "@zxcvbn-ts/language-common";
import { AppError } from "#server/errors.ts";

let common: ReadonlySet<string> | undefined;

/**
 * What is wrong with a new password beside its length: it is one of those that everybody tries first, also with digits
 * or signs put round it; it repeats a few characters; or it is the person's own name or address. Null: nothing.
 */
export function passwordProblem(
  password: string,
  person: { name?: string; email?: string },
): "field-password-common" | "field-password-personal" | null {
  common ??= new Set(dictionary["passwords-common"].map(String));
  const plain = password.toLowerCase();
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  if (common.has(plain) || core === "" || common.has(core) || /^(.{1,4})\1+.{0,3}$/u.test(plain)) {
    return "field-password-common";
  }
  const own = [person.email, person.email?.split("@")[0], person.name].map((one) => one?.toLowerCase());
  return own.some((one) => one && (one === plain || one === core)) ? "field-password-personal" : null;
}

/** The same as an error at the field `password`, or at another one. */
export function refuseWeak(
  password: string,
  person: { name?: string; email?: string },
  field = "password",
): void {
  const problem = passwordProblem(password, person);
  if (problem) throw new AppError("invalid", "invalid", { fields: { [field]: problem } });
}
