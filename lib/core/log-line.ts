/** Structured log lines on standard output and error; never a secret, never a request body. */
export function logLine(event: string, fields: Readonly<Record<string, string | number | boolean | null>> = {}): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }));
}

/** A fault of ours, once, at the edge where it surfaced, with its whole cause chain. */
export function logFault(error: unknown, requestId: string): void {
  const chain: string[] = [];
  for (let e: unknown = error; e !== undefined && chain.length < 6; e = e instanceof Error ? e.cause : undefined) {
    chain.push(e instanceof Error ? (e.stack ?? e.message) : String(e));
  }
  console.error(
    JSON.stringify({ at: new Date().toISOString(), event: "fault", requestId, error: chain.join("\ncaused by ") }),
  );
}
