"use client";
import { lazy, Suspense } from "react";
import type { CommentPlace } from "#common/contracts/comment.ts";

const Comments = lazy(() => import("./comments.tsx"));

/** The comments, loaded once the page stands. */
export function LazyComments(props: { team: string; place: CommentPlace }) {
  return (
    <Suspense>
      <Comments {...props} />
    </Suspense>
  );
}
