const words = {
  account_not_linked: "oidcNotLinked",
  domain_not_allowed: "oidcDomain",
  email_not_found: "oidcNoEmail",
  email_not_verified: "oidcUnverified",
  no_invitation: "oidcNoInvitation",
  access_denied: "oidcDenied",
} as const;

/** The key (namespace `auth`) of the sentence for what the way back from the identity provider ended with. */
export function oidcError(code: string): (typeof words)[keyof typeof words] | "oidcFailed" {
  return Object.hasOwn(words, code) ? words[code as keyof typeof words] : "oidcFailed";
}
