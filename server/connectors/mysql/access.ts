/**
 * "off": never; "preferred": where the server offers it, whoever it is; "required": or nothing; "verified": with a
 * server that proves its name.
 */
export const mysqlTlsModes = ["off", "preferred", "required", "verified"] as const;
export type MysqlTlsMode = (typeof mysqlTlsModes)[number];

export type MysqlAccess = {
  host: string;
  port: number;
  username: string;
  password: string;
  tls: { mode: MysqlTlsMode; caPem?: string; serverName?: string };
};
