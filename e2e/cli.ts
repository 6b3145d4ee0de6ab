import { execFileSync } from "node:child_process";

/** Runs `countersign` from a shell: its exit code and everything it printed. */
export const cli = (args: readonly string[], env: Record<string, string> = {}): { code: number; out: string } => {
  try {
    return {
      code: 0,
      out: execFileSync(process.execPath, ["bin/countersign.mjs", ...args], {
        encoding: "utf8",
        env: { ...process.env, ...env },
        stdio: "pipe",
      }),
    };
  } catch (error) {
    if (error instanceof Error && "status" in error && typeof error.status === "number") {
      return {
        code: error.status,
        out: `${"stdout" in error ? error.stdout : ""}${"stderr" in error ? error.stderr : ""}`,
      };
    }
    throw error;
  }
};
