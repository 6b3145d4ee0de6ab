import { maxEvidenceBytes } from "@/lib/evidence/evidence";

export type Uploaded = { sha256: string; name: string; size: number };
export type Sent = { at: "failed"; why: string } | { at: "done"; file: Uploaded };

const byExtension: Readonly<Record<string, string>> = {
  md: "text/markdown",
  csv: "text/csv",
  txt: "text/plain",
  log: "text/plain",
  yaml: "application/yaml",
  yml: "application/yaml",
  json: "application/json",
};

/** Sends a file to the store of evidence; what it answers is the digest, or why the file is not kept. */
export async function sendEvidence(file: File): Promise<Sent> {
  if (file.size > maxEvidenceBytes) return { at: "failed", why: "Larger than 20 MB. Choose a smaller file." };
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  try {
    const response = await fetch("/api/v1/evidence", {
      method: "POST",
      body: file,
      headers: {
        "content-type": byExtension[extension] ?? file.type,
        "x-file-name": encodeURIComponent(file.name),
      },
    });
    const answer: unknown = await response.json();
    return outcome(response.ok, answer);
  } catch {
    return {
      at: "failed",
      why: "The upload did not get through. Check the connection and choose the file again.",
    };
  }
}

export function outcome(ok: boolean, answer: unknown): Sent {
  if (typeof answer === "object" && answer !== null) {
    if (ok && "sha256" in answer && "name" in answer && "size" in answer)
      return {
        at: "done",
        file: { sha256: String(answer.sha256), name: String(answer.name), size: Number(answer.size) },
      };
    if ("detail" in answer) return { at: "failed", why: String(answer.detail) };
  }
  return { at: "failed", why: "The portal's answer could not be read. Choose the file again." };
}
