export const kafkaMechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;
export type KafkaMechanism = (typeof kafkaMechanisms)[number];

export type KafkaAccess = {
  /** where to begin; the brokers that answer there name the others */
  bootstrap: { host: string; port: number }[];
  /** undefined: without TLS. `serverName` is for the bootstrap addresses; brokers are held to their own names */
  tls?: { caPem?: string; serverName?: string };
  sasl?: { mechanism: KafkaMechanism; username: string; password: string };
};
