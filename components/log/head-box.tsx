import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import { Notice } from "@/components/ui/notice";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import type { LogHead } from "@/lib/log/entry";

/** The log's signed head, and what it does and does not prove. */
export function HeadBox({ head }: { head: LogHead }) {
  return (
    <>
      <div className="h">
        <h2>Signed head</h2>
        <span className="r">
          {head.verified ? <Status state="valid" word="consistent" /> : <Status state="unknown" word="not checked" />}
        </span>
      </div>
      <KeyValues
        wide
        items={[
          { key: "Log", value: <span className="mono">{head.origin}</span> },
          { key: "Entries", value: <span className="mono">{head.size.toLocaleString("en-GB")}</span> },
          { key: "Root", value: <Digest value={`sha256:${head.root}`} lead={8} /> },
          { key: "Signed", value: head.note ? <When at={head.signedAt} show="datetime" /> : null },
          ...(head.waiting > 0
            ? [{ key: "Being sequenced", value: <span className="mono">{head.waiting}</span> }]
            : []),
          { key: "Witnesses", value: head.witnesses.length > 0 ? head.witnesses.join(", ") : "none: unwitnessed" },
        ]}
      />
      {head.refused ? <Notice tone="fail">{head.refused}</Notice> : null}
      {head.witnesses.length === 0 ? (
        <Notice tone="care">
          Unwitnessed: a change to a past entry breaks the root, but nobody outside keeps an older head yet. Whoever
          runs the portal and holds its keys could rewrite everything at once. Keep a checkpoint of your own to rule
          that out.
        </Notice>
      ) : null}
    </>
  );
}
