/** Keys of messages/<locale>/clusters.json. */
export const kindName = { kubernetes: "kindKubernetes", local_host: "kindHost" } as const;
