/** A process as the OOM killer sees it. Kernel threads are never chosen and left out. */
export type ScoredProcess = {
  pid: number;
  name: string;
  score: number;
  adj: number;
  rssBytes: number;
  /** the first of its groups */
  group: string;
};

/** Nothing but the shell's own `read`: a node with thousands of processes is asked in a second. */
export const scoreScript = `cd /proc || exit 1; IFS=; printf '%s\\n' $(getconf PAGESIZE); set -- [0-9]*; set -f; for p; do read -r s <$p/oom_score && read -r a <$p/oom_score_adj && read -r n <$p/comm && read -r m <$p/statm || continue; case $m in '0 0 '*) continue;; esac; g=; read -r g <$p/cgroup; m=\${m#* }; printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' $p $s $a \${m%% *} \${g#*:*:} \${n:--}; done 2>/dev/null; :`;

/** The rest is of no interest to anybody: those killed first, and those whose name or protection somebody asks for. */
const kept = 20;

export function parseScores({ stdout }: { stdout: string }): ScoredProcess[] {
  const [first = "", ...lines] = stdout.split("\n");
  const page = Number(first) || 4096;
  return lines.flatMap((line) => {
    const [pid, score, adj, pages, group = "", name] = line.split("\t");
    if (!pid || !name || !/^\d+$/.test(pid)) return [];
    const rssBytes = Number(pages) * page;
    return [{ pid: Number(pid), name, score: Number(score), adj: Number(adj), rssBytes, group }];
  });
}

/** Those the kernel would choose first; of equal scores the larger one. */
export function nextVictims(processes: readonly ScoredProcess[], count: number): ScoredProcess[] {
  return processes
    .filter(({ pid, adj }) => pid !== 1 && adj > -1000)
    .toSorted((a, b) => b.score - a.score || b.rssBytes - a.rssBytes || a.pid - b.pid)
    .slice(0, count);
}

export function parseScoresKept(output: { stdout: string }): { processes: ScoredProcess[]; count: number } {
  const all = parseScores(output);
  const next = new Set(nextVictims(all, kept));
  const largest = all.toSorted((a, b) => b.rssBytes - a.rssBytes).slice(0, kept);
  const names = new Map<string, ScoredProcess>();
  for (const one of all) if ((names.get(one.name)?.adj ?? 1001) > one.adj) names.set(one.name, one);
  const chosen = new Set([...next, ...largest, ...names.values()]);
  return { processes: all.filter((one) => chosen.has(one)), count: all.length };
}
