"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { trpc } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";

/** The packets of a capture as a file. They come only when asked for, and are not kept in the page. */
export default function CaptureDownload({
  team,
  runId,
  resultId,
}: {
  team: string;
  runId: string;
  resultId: string;
}) {
  const t = useTranslations("runs");
  const queries = useQueryClient();
  const [state, setState] = useState<"idle" | "busy" | "none">("idle");
  const download = async () => {
    setState("busy");
    try {
      const options = trpc.run.capture.queryOptions({ team, runId, resultId }, { gcTime: 0, retry: false });
      save(await queries.fetchQuery(options));
      setState("idle");
    } catch {
      setState("none");
    }
  };
  return (
    <div className="mb-4 flex flex-wrap items-center gap-3">
      <Button size="small" busy={state === "busy"} onClick={download}>
        {t("downloadCapture")}
      </Button>
      <span role="status" className="text-soft">
        {state === "none" ? t("noCapture") : ""}
      </span>
    </div>
  );
}

function save({ fileName, base64 }: { fileName: string; base64: string }): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/vnd.tcpdump.pcap" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
