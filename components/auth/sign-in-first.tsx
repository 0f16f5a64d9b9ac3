"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Sends to the sign-in page, which comes back to this very address, the part after # included. */
export function SignInFirst() {
  const router = useRouter();
  // Outside system: the browser's address, of which the server does not know the fragment.
  useEffect(() => {
    const here = location.pathname + location.search + location.hash;
    router.replace(`/sign-in?next=${encodeURIComponent(here)}`);
  }, [router]);
  return null;
}
