import pg from "pg";

export type Listener = {
  /** Connects where there is no connection: notices are lost with it, and whoever waits looks by himself anyway. */
  ensure(): Promise<void>;
  stop(): Promise<void>;
};

/** Hears the notices of one channel on a connection of its own. */
export function createListener(options: {
  url: string;
  name: string;
  channel: string;
  onNotice: () => void;
}): Listener {
  let listener: pg.Client | undefined;
  return {
    async ensure() {
      if (listener) return;
      const client = new pg.Client({
        connectionString: options.url,
        application_name: options.name,
        connectionTimeoutMillis: 5_000,
        keepAlive: true,
      });
      const forget = () => {
        if (listener === client) listener = undefined;
      };
      client.on("error", forget);
      client.on("end", forget);
      client.on("notification", options.onNotice);
      await client.connect();
      await client.query(`LISTEN ${options.channel}`);
      listener = client;
    },
    async stop() {
      await listener?.end().catch(() => {});
    },
  };
}
