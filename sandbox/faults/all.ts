import { fault as duplicatePodIp } from "./duplicate-pod-ip.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [duplicatePodIp];
