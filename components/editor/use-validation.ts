"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Validation } from "#common/contracts/team-runbook.ts";
import { call } from "#components/api/call.ts";

const waitMs = 400;

/** What the server says of the text, a moment after the last key. `current`: it is about the text as it stands. */
export function useValidation(input: { team: string; slug: string | null; text: string }) {
  const { team, slug, text } = input;
  const [asked, setAsked] = useState(text);
  // A timer of the browser: typing goes on without a request for every key.
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  const answer = useQuery({
    queryKey: ["validate", team, slug, asked],
    queryFn: () =>
      call("mutation", "teamRunbook.validate", { team, slug, text: asked }) as Promise<Validation>,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const current = asked === text && !answer.isPlaceholderData && answer.data !== undefined;
  return { validation: answer.data, error: answer.error, current };
}
