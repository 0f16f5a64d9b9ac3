import { fault as containerExitCodes } from "./container-exit-codes.ts";
import { fault as cpuLimits } from "./cpu-limits.ts";
import { fault as defaultLogContainer } from "./default-log-container.ts";
import { fault as duplicatePodIp } from "./duplicate-pod-ip.ts";
import type { Fault } from "./fault.ts";
import { fault as hostPorts } from "./host-ports.ts";

export const faults: readonly Fault[] = [
  containerExitCodes,
  cpuLimits,
  defaultLogContainer,
  duplicatePodIp,
  hostPorts,
];
