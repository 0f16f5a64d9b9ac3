import { expect, test } from "vitest";
import { toolWords } from "#testing/render-tool.tsx";

const conntrackInvalid = await toolWords("conntrack-invalid");
const containerPorts = await toolWords("container-ports");
const hereDocument = await toolWords("here-document");
const rootlessRunc = await toolWords("rootless-runc");
const shellStartup = await toolWords("shell-startup");
const stdoutBuffering = await toolWords("stdout-buffering");
const xfsReformat = await toolWords("xfs-reformat");

test("rootless runc: the state in the address becomes commands, wrong fields say why", () => {
  expect(rootlessRunc()).toContain("mycontainerid runs busybox as you");
  expect(rootlessRunc("?rootless-runc.name=web&rootless-runc.detached=false")).toContain(
    "containers/web.pid&quot; web",
  );
  const wrong = rootlessRunc("?rootless-runc.name=../x&rootless-runc.command=", "zh-CN");
  expect(wrong).toContain("以字母或数字开头");
  expect(wrong).not.toContain("runc --root");
});

test("XFS plan: refuses what must not be formatted", () => {
  expect(xfsReformat()).toContain("mkfs.xfs -f -L");
  const wrong = xfsReformat("?xfs-reformat.mount=/var/lib");
  expect(wrong).toContain("A folder of the system");
  expect(wrong).not.toContain("mkfs.xfs");
  expect(xfsReformat("?xfs-reformat.keep=everything", "zh-CN")).toContain("的全部内容，完成后搬回");
});

test("INVALID packets: each way with its trade-off and its undo", () => {
  expect(conntrackInvalid()).toContain("-I INPUT 1 -m conntrack --ctstate INVALID -j DROP");
  expect(conntrackInvalid("?conntrack-invalid.log=3")).toContain("at most 3 packets a second");
  const liberal = conntrackInvalid("?conntrack-invalid.fix=liberal", "zh-CN");
  expect(liberal).toContain("nf_conntrack_tcp_be_liberal=0");
  expect(liberal).not.toContain("-j DROP");
});

test("container's ports: commands for whole ids alone, and the advice beside them", () => {
  expect(containerPorts()).toContain("will be reached at *:8080. Every container of this host stops");
  expect(containerPorts("?container-ports.port=3")).toContain("Port 3/tcp of dcecb9ec1a17");
  expect(containerPorts()).toContain("docker compose up -d");
  const short = containerPorts("?container-ports.id=dcecb9ec1a17", "zh-CN");
  expect(short).toContain("请填全部 64 位");
  expect(short).not.toContain("docker stop");
  const gone = containerPorts("?container-ports.change=withdraw&container-ports.host-port=x", "zh-CN");
  expect(gone).toContain("将不再发布");
  expect(gone).not.toContain("主机端口");
});

test("shell start-up files: a command line becomes a list in its order", () => {
  expect(shellStartup()).toContain("A bash that is a login shell and interactive.");
  expect(shellStartup("?shell-startup.start=3")).toContain("starts no shell that is known here");
  expect(shellStartup("?shell-startup.start=bash%20--norc")).toContain("Nothing.");
  expect(shellStartup("?shell-startup.start=bash%20test.sh", "zh-CN")).toContain(
    "$BASH_ENV 设置了该变量时，读它指定的文件",
  );
});

test("buffering: says when the first line is seen and what a kill loses", () => {
  expect(stdoutBuffering()).toContain(
    "until 4,096 bytes are together. The first line comes after 8 min 30 sec. Killed at the wrong moment, the program loses up to 51 lines",
  );
  expect(stdoutBuffering("?stdout-buffering.to=terminal", "zh-CN")).toContain("行缓冲：一行结束就可见");
  expect(stdoutBuffering("?stdout-buffering.runtime=go")).toContain("Nothing to change");
  expect(stdoutBuffering("?stdout-buffering.line=-5&stdout-buffering.rate=1e9")).not.toMatch(/NaN|Infinity/);
});

test("here-documents: what the command receives, by the form", () => {
  expect(hereDocument()).toContain("$ Working dir &quot;/srv/app&quot;");
  expect(hereDocument("?here-document.form=quoted")).toContain("\\$ Working dir &quot;$PWD&quot;");
  expect(hereDocument("?here-document.delimiter=a%20b", "zh-CN")).toContain("只能用字母、数字和下划线");
  expect(hereDocument("?here-document.delimiter=3", "zh-CN")).toContain("cat &lt;&lt;3");
});
