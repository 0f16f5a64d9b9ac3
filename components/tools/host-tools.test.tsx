import { NextIntlClientProvider } from "next-intl";
import type { ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import enCommon from "#messages/en/common.json" with { type: "json" };
import enInvalid from "#messages/en/tool-conntrack-invalid.json" with { type: "json" };
import enPorts from "#messages/en/tool-container-ports.json" with { type: "json" };
import enHere from "#messages/en/tool-here-document.json" with { type: "json" };
import enRunc from "#messages/en/tool-rootless-runc.json" with { type: "json" };
import enStartup from "#messages/en/tool-shell-startup.json" with { type: "json" };
import enStdout from "#messages/en/tool-stdout-buffering.json" with { type: "json" };
import enXfs from "#messages/en/tool-xfs-reformat.json" with { type: "json" };
import zhCommon from "#messages/zh-CN/common.json" with { type: "json" };
import zhInvalid from "#messages/zh-CN/tool-conntrack-invalid.json" with { type: "json" };
import zhPorts from "#messages/zh-CN/tool-container-ports.json" with { type: "json" };
import zhHere from "#messages/zh-CN/tool-here-document.json" with { type: "json" };
import zhRunc from "#messages/zh-CN/tool-rootless-runc.json" with { type: "json" };
import zhStartup from "#messages/zh-CN/tool-shell-startup.json" with { type: "json" };
import zhStdout from "#messages/zh-CN/tool-stdout-buffering.json" with { type: "json" };
import zhXfs from "#messages/zh-CN/tool-xfs-reformat.json" with { type: "json" };
import ConntrackInvalid from "./conntrack-invalid.tsx";
import ContainerPorts from "./container-ports.tsx";
import HereDocument from "./here-document.tsx";
import RootlessRunc from "./rootless-runc.tsx";
import ShellStartup from "./shell-startup.tsx";
import StdoutBuffering from "./stdout-buffering.tsx";
import XfsReformat from "./xfs-reformat.tsx";

const messages = {
  en: {
    common: enCommon,
    "tool-conntrack-invalid": enInvalid,
    "tool-container-ports": enPorts,
    "tool-here-document": enHere,
    "tool-shell-startup": enStartup,
    "tool-stdout-buffering": enStdout,
    "tool-rootless-runc": enRunc,
    "tool-xfs-reformat": enXfs,
  },
  "zh-CN": {
    common: zhCommon,
    "tool-conntrack-invalid": zhInvalid,
    "tool-container-ports": zhPorts,
    "tool-here-document": zhHere,
    "tool-shell-startup": zhStartup,
    "tool-stdout-buffering": zhStdout,
    "tool-rootless-runc": zhRunc,
    "tool-xfs-reformat": zhXfs,
  },
};

const address = { search: "" };
vi.mock("next/navigation", () => ({
  useRouter: () => null,
  useSearchParams: () => new URLSearchParams(address.search),
}));

/** The tool as the server sends it for an address, as plain words. A missing or broken message throws. */
function words(Tool: ComponentType, search: string, locale: "en" | "zh-CN" = "en"): string {
  address.search = search;
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={messages[locale]}
      timeZone="UTC"
      onError={(error) => {
        throw error;
      }}
    >
      <Tool />
    </NextIntlClientProvider>,
  );
  return markup.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

test("rootless runc: the state in the address becomes commands, wrong fields say why", () => {
  expect(words(RootlessRunc, "")).toContain("mycontainerid runs busybox as you");
  expect(words(RootlessRunc, "?rootless-runc.name=web&rootless-runc.detached=false")).toContain(
    "containers/web.pid&quot; web",
  );
  const wrong = words(RootlessRunc, "?rootless-runc.name=../x&rootless-runc.command=", "zh-CN");
  expect(wrong).toContain("以字母或数字开头");
  expect(wrong).not.toContain("runc --root");
});

test("XFS plan: refuses what must not be formatted", () => {
  expect(words(XfsReformat, "")).toContain("mkfs.xfs -f -L");
  const wrong = words(XfsReformat, "?xfs-reformat.mount=/var/lib");
  expect(wrong).toContain("A folder of the system");
  expect(wrong).not.toContain("mkfs.xfs");
  expect(words(XfsReformat, "?xfs-reformat.keep=everything", "zh-CN")).toContain("的全部内容，完成后搬回");
});

test("INVALID packets: each way with its trade-off and its undo", () => {
  expect(words(ConntrackInvalid, "")).toContain("-I INPUT 1 -m conntrack --ctstate INVALID -j DROP");
  expect(words(ConntrackInvalid, "?conntrack-invalid.log=3")).toContain("at most 3 packets a second");
  const liberal = words(ConntrackInvalid, "?conntrack-invalid.fix=liberal", "zh-CN");
  expect(liberal).toContain("nf_conntrack_tcp_be_liberal=0");
  expect(liberal).not.toContain("-j DROP");
});

test("container's ports: commands for whole ids alone, and the advice beside them", () => {
  expect(words(ContainerPorts, "")).toContain(
    "will be reached at *:8080. Every container of this host stops",
  );
  expect(words(ContainerPorts, "?container-ports.port=3")).toContain("Port 3/tcp of dcecb9ec1a17");
  expect(words(ContainerPorts, "")).toContain("docker compose up -d");
  const short = words(ContainerPorts, "?container-ports.id=dcecb9ec1a17", "zh-CN");
  expect(short).toContain("请填全部 64 位");
  expect(short).not.toContain("docker stop");
  const gone = words(ContainerPorts, "?container-ports.change=withdraw&container-ports.host-port=x", "zh-CN");
  expect(gone).toContain("将不再发布");
  expect(gone).not.toContain("主机端口");
});

test("shell start-up files: a command line becomes a list in its order", () => {
  expect(words(ShellStartup, "")).toContain("A bash that is a login shell and interactive.");
  expect(words(ShellStartup, "?shell-startup.start=3")).toContain("starts no shell that is known here");
  expect(words(ShellStartup, "?shell-startup.start=bash%20--norc")).toContain("Nothing.");
  expect(words(ShellStartup, "?shell-startup.start=bash%20test.sh", "zh-CN")).toContain(
    "$BASH_ENV 设置了该变量时，读它指定的文件",
  );
});

test("buffering: says when the first line is seen and what a kill loses", () => {
  expect(words(StdoutBuffering, "")).toContain(
    "until 4,096 bytes are together. The first line comes after 8 min 30 sec. Killed at the wrong moment, the program loses up to 51 lines",
  );
  expect(words(StdoutBuffering, "?stdout-buffering.to=terminal", "zh-CN")).toContain(
    "行缓冲：一行结束就可见",
  );
  expect(words(StdoutBuffering, "?stdout-buffering.runtime=go")).toContain("Nothing to change");
  expect(words(StdoutBuffering, "?stdout-buffering.line=-5&stdout-buffering.rate=1e9")).not.toMatch(
    /NaN|Infinity/,
  );
});

test("here-documents: what the command receives, by the form", () => {
  expect(words(HereDocument, "")).toContain("$ Working dir &quot;/srv/app&quot;");
  expect(words(HereDocument, "?here-document.form=quoted")).toContain("\\$ Working dir &quot;$PWD&quot;");
  expect(words(HereDocument, "?here-document.delimiter=a%20b", "zh-CN")).toContain(
    "只能用字母、数字和下划线",
  );
  expect(words(HereDocument, "?here-document.delimiter=3", "zh-CN")).toContain("cat &lt;&lt;3");
});
