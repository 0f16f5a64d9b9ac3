export type Naming = ReturnType<typeof namingOf>;

/** The permanent addresses of a team's things. */
export function namingOf(publicUrl: string, team: string) {
  const base = `${publicUrl.replace(/\/$/, "")}/${encodeURIComponent(team)}`;
  return {
    findings: `${base}/findings`,
    settings: `${base}/settings/channels`,
    finding: (id: string) => `${base}/findings/${id}`,
    run: (id: string) => `${base}/runs/${id}`,
    cluster: (slug: string) => `${base}/clusters/${encodeURIComponent(slug)}`,
    schedule: (id: string) => `${base}/schedules#${id}`,
  };
}
