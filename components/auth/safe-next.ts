/** The address to go to after signing in: only ever one of ours. "//host" and "/\host" leave the site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !/[\t\r\n]/.test(next) ? next : "/";
}
