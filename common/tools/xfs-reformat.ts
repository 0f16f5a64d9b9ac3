import { shellWord } from "#common/kubernetes/shell.ts";
import type { CommandStep } from "./command-step.ts";

export const reformatEngines = ["docker", "podman", "containerd"] as const;
export const reformatKeeps = ["volumes", "everything"] as const;

export type ReformatInput = {
  engine: (typeof reformatEngines)[number];
  /** where the file system is mounted that is made anew */
  mount: string;
  device: string;
  /** a folder on another file system */
  backup: string;
  keep: (typeof reformatKeeps)[number];
};

export type ReformatProblem =
  | { field: "mount"; why: "path" | "system" }
  | { field: "device"; why: "device" }
  | { field: "backup"; why: "path" | "inside" };

const pathPattern = /^(\/[A-Za-z0-9_][\w.@+-]*)+$/;
const system = /^\/(bin|boot|dev|etc|home|lib|lib64|proc|root|run|sbin|sys|tmp|usr|var|var\/lib)?$/;

export function reformatProblems({ mount, device, backup }: ReformatInput): ReformatProblem[] {
  const problems: ReformatProblem[] = [];
  if (system.test(mount)) problems.push({ field: "mount", why: "system" });
  else if (!pathPattern.test(mount)) problems.push({ field: "mount", why: "path" });
  if (!/^\/dev\/[A-Za-z0-9][\w./:+-]*$/.test(device) || /\.\.|\/$/.test(device))
    problems.push({ field: "device", why: "device" });
  if (!pathPattern.test(backup)) problems.push({ field: "backup", why: "path" });
  else if (problems.length === 0 && `${backup}/`.startsWith(`${mount}/`))
    problems.push({ field: "backup", why: "inside" });
  return problems;
}

/** in the order they are stopped */
const services: Record<ReformatInput["engine"], string[]> = {
  docker: ["docker.socket", "docker.service"],
  podman: ["podman.socket", "podman.service"],
  containerd: ["kubelet.service", "containerd.service"],
};

/** The folder with people's own data, below the engine's; containerd has none, what it holds can be pulled again. */
const volumes = { docker: "volumes", podman: "storage/volumes", containerd: null };

/** Lines of which the next is done only if the last one succeeded, in a shell that stays open. */
const inTurn = (...lines: string[]) => lines.join(" &&\n");

/**
 * Data away, file system anew, data back. The step that destroys proves first that the copy is whole, and keeps UUID
 * and label, so that /etc/fstab stays right. Only for input without problems.
 */
export function reformatSteps({ engine, mount, device, backup, keep }: ReformatInput): CommandStep[] {
  const part = keep === "everything" ? "" : volumes[engine];
  const inner = part ? `/${part}` : "";
  const [from, disk, away] = [mount, device, backup].map(shellWord) as [string, string, string];
  const [here, there] = [shellWord(mount + inner), shellWord(backup + inner)];
  const copies = part !== null;
  // -i names what differs and is silent about the rest: an empty answer is the proof.
  const proof = `test -z "$(sudo rsync -aHAXSnci --delete --numeric-ids ${here}/ ${there}/)"`;
  const start = `sudo systemctl start ${services[engine].toReversed().join(" ")}`;
  return [
    {
      id: "look",
      code: inTurn(
        `test "$(findmnt -no FSTYPE ${from})" = xfs`,
        `test "$(findmnt -no MAJ:MIN ${from} | tr -d ' ')" = "$(lsblk -dno MAJ:MIN ${disk} | tr -d ' ')"`,
        `xfs_info ${from} | grep -o 'ftype=.'`,
        `sudo mkdir -p ${away}`,
        `test "$(stat -c %d ${from})" != "$(stat -c %d ${away})"`,
        ...(copies ? [`sudo du -sh ${here}`] : []),
        `df -h ${away}`,
      ),
    },
    { id: "stop", code: `sudo systemctl stop ${services[engine].join(" ")}` },
    ...(copies
      ? [
          {
            id: "copy",
            code: inTurn(
              `sudo mkdir -p ${there}`,
              `sudo rsync -aHAXS --numeric-ids ${here}/ ${there}/`,
              proof,
            ),
          },
        ]
      : []),
    {
      id: "format",
      code: inTurn(
        ...(copies ? [proof] : []),
        `uuid=$(sudo blkid -s UUID -o value ${disk})`,
        `label=$(sudo blkid -s LABEL -o value ${disk} || true)`,
        `sudo umount ${from}`,
        `sudo mkfs.xfs -f -L "$label" -m uuid="$uuid" -n ftype=1 ${disk}`,
      ),
    },
    { id: "mount", code: inTurn(`sudo mount ${disk} ${from}`, `xfs_info ${from} | grep -o 'ftype=1'`) },
    ...(copies
      ? [
          {
            id: "back",
            code: inTurn(`sudo mkdir -p ${here}`, `sudo rsync -aHAXS --numeric-ids ${there}/ ${here}/`),
          },
        ]
      : []),
    { id: "start", code: start },
    { id: "undo", code: start },
  ];
}
