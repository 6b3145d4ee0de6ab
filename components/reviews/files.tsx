import { Paperclip } from "lucide-react";
import type { ReactNode } from "react";
import type { Attachment } from "@/lib/reviews/submission";

const inWords = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** Files of a submission: name, size, digest. The link leads to exactly the bytes of that digest. */
export function Files({ files, act }: { files: readonly Attachment[]; act?: (file: Attachment) => ReactNode }) {
  if (files.length === 0) return null;
  return (
    <ul className="files">
      {files.map((file) => (
        <li key={file.sha256}>
          <Paperclip className="i s12" aria-hidden="true" />
          {/* A download, not a page of ours. */}
          <a href={`/api/v1/evidence/${file.sha256}`} download={file.name}>
            {file.name}
          </a>
          <span className="lbl">{file.size === undefined ? "" : inWords(file.size)}</span>
          <span className="mono lbl" title={`sha256:${file.sha256}`}>
            sha256:{file.sha256.slice(0, 12)}…
          </span>
          {act ? act(file) : null}
        </li>
      ))}
    </ul>
  );
}
