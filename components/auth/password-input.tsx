"use client";
import { useTranslations } from "next-intl";
import { type ComponentProps, useState } from "react";
import { Input } from "#components/ui/input.tsx";

/** A password that can be looked at: mistyped ones cost more than onlookers. */
export function PasswordInput(props: Omit<ComponentProps<typeof Input>, "type">) {
  const t = useTranslations("auth");
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input {...props} type={shown ? "text" : "password"} className="h-10 pr-16" />
      <button
        type="button"
        aria-label={shown ? t("hidePassword") : t("showPassword")}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute top-1/2 right-1 h-8 -translate-y-1/2 rounded-control px-2 text-faint hover:text-ink"
      >
        <EyeIcon open={shown} />
      </button>
    </span>
  );
}

function EyeIcon({ open }: { open: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z" />
      <circle cx="8" cy="8" r="2" />
      {open ? null : <path d="M2.5 13.5l11-11" strokeLinecap="round" />}
    </svg>
  );
}
