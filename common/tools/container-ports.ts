import { parseAddress } from "#common/kubernetes/ip-range.ts";
import { shellCommand, shellWord } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

/** A published port changed in the files of a container that must not be made anew. */

export const portProtocols = ["tcp", "udp"] as const;
export const portChanges = ["publish", "withdraw"] as const;

export type PortsInput = {
  containerPort: string;
  hostPort: string;
  protocol: (typeof portProtocols)[number];
  /** empty: every address of the host */
  hostAddress: string;
  change: (typeof portChanges)[number];
  /** all 64 digits */
  id: string;
  dataRoot: string;
};
export type PortsField = "containerPort" | "hostPort" | "hostAddress" | "id" | "dataRoot";

const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

export function portsProblems(input: PortsInput): PortsField[] {
  const { containerPort, hostPort, hostAddress, change, id, dataRoot } = input;
  const problems: PortsField[] = [];
  if (!isPort(containerPort)) problems.push("containerPort");
  if (change === "publish" && !isPort(hostPort)) problems.push("hostPort");
  if (change === "publish" && hostAddress !== "" && parseAddress(hostAddress) === null)
    problems.push("hostAddress");
  if (!/^[0-9a-f]{64}$/.test(id)) problems.push("id");
  if (!/^(\/[A-Za-z0-9_][\w.@+-]*)+$/.test(dataRoot)) problems.push("dataRoot");
  return problems;
}

/** Lines of which the next is done only if the last one succeeded, in a shell that stays open. */
const inTurn = (...lines: string[]) => lines.join(" &&\n");

const files = ["hostconfig.json", "config.v2.json"] as const;

/** A file is written only after its new text is whole; tee keeps owner and mode. */
function edit(file: string, filter: string, args: readonly string[]): string[] {
  const place = `"$dir"/${file}`;
  return [
    `new=$(sudo ${shellCommand("jq", "-c", ...args, filter)} ${place}.before)`,
    'test -n "$new"',
    `printf '%s\\n' "$new" | sudo tee ${place} >/dev/null`,
  ];
}

const publishFilter =
  ".PortBindings = ((.PortBindings // {}) + {($port): [{HostIp: $address, HostPort: $host}]})";
const exposeFilter = ".Config.ExposedPorts = ((.Config.ExposedPorts // {}) + {($port): {}})";
const withdrawFilter = ".PortBindings = ((.PortBindings // {}) | del(.[$port]))";

function editStep({ containerPort, protocol, hostPort, hostAddress, change }: PortsInput): string[] {
  const port = ["--arg", "port", `${containerPort}/${protocol}`];
  if (change === "withdraw") return edit("hostconfig.json", withdrawFilter, port);
  const place = ["--arg", "address", hostAddress, "--arg", "host", hostPort];
  return [
    ...edit("hostconfig.json", publishFilter, [...port, ...place]),
    ...edit("config.v2.json", exposeFilter, port),
  ];
}

const engineStopped = [
  "sudo systemctl stop docker.socket docker.service",
  "! systemctl is-active --quiet docker.service",
];
const engineStart = "sudo systemctl start docker.socket docker.service";

function lookStep(input: PortsInput): string {
  const { id, dataRoot, hostPort, change, protocol } = input;
  const ask = (format: string) =>
    shellCommand("docker", "inspect", "--type", "container", "--format", format, id);
  const flag = protocol === "tcp" ? "-Hltn" : "-Hlun";
  return inTurn(
    ask("{{.Name}} {{.HostConfig.NetworkMode}} {{json .HostConfig.PortBindings}}"),
    `test "$(docker info --format '{{.DockerRootDir}}')" = ${shellWord(dataRoot)}`,
    `sudo test -f "$dir"/hostconfig.json`,
    `! sudo grep -qE '[0-9]{16,}[,}]' "$dir"/hostconfig.json`,
    ...(change === "publish" ? [`test -z "$(ss ${flag} 'sport = :${hostPort}')"`] : []),
    "docker info --format 'live-restore: {{.LiveRestoreEnabled}}'",
    "docker ps --format '{{.Names}} {{.Status}}'",
  );
}

/** The way through the engine's own files and the way back. Only for input without problems. */
export function portsSteps(input: PortsInput): CommandStep[] {
  const { id, dataRoot, containerPort, protocol, change, hostPort } = input;
  const port = `${containerPort}/${protocol}`;
  const copies = files.map((file) => `sudo cp -a "$dir"/${file} "$dir"/${file}.before`);
  const back = files.map((file) => `sudo cp -a "$dir"/${file}.before "$dir"/${file}`);
  const asked = shellCommand("docker", "port", id, port);
  return [
    { id: "place", code: `dir=${shellWord(`${dataRoot}/containers/${id}`)}` },
    { id: "look", code: lookStep(input) },
    { id: "stop", code: inTurn(shellCommand("docker", "stop", id), ...engineStopped) },
    { id: "copy", code: inTurn('sudo test ! -e "$dir"/hostconfig.json.before', ...copies) },
    { id: "edit", code: inTurn(...editStep(input)) },
    {
      id: "compare",
      code: inTurn(
        `sudo jq -c .PortBindings "$dir"/hostconfig.json.before "$dir"/hostconfig.json`,
        `sudo jq -c .Config.ExposedPorts "$dir"/config.v2.json.before "$dir"/config.v2.json`,
      ),
    },
    { id: "start", code: inTurn(engineStart, shellCommand("docker", "start", id)) },
    {
      id: change === "publish" ? "verify" : "verifyGone",
      code: change === "publish" ? `${asked} | grep -E ':${hostPort}$'` : `! ${asked}`,
    },
    {
      id: "undo",
      code: inTurn(
        `{ ${shellCommand("docker", "stop", id)} || true; }`,
        ...engineStopped,
        ...back,
        engineStart,
        shellCommand("docker", "start", id),
        `sudo rm -- ${files.map((file) => `"$dir"/${file}.before`).join(" ")}`,
      ),
    },
  ];
}
