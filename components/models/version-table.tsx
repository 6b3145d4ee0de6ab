import { Digest } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { modelHref } from "./model-href";

export type VersionLine = {
  id: string;
  version: string;
  digest: string | null;
  runId: string | null;
  commit: string | null;
  status: string;
  aliases: readonly string[];
  registeredAt: Date;
};

/** Versions with digest, where they stand and what built them. `serving`: environments by version. */
export function VersionTable({
  model,
  versions,
  serving,
}: {
  model: string;
  versions: readonly VersionLine[];
  serving: ReadonlyMap<string, { environment: string; bypass: boolean }[]>;
}) {
  return (
    <Table
      label="Versions"
      columns={[
        { id: "version", name: "Version" },
        { id: "digest", name: "Digest" },
        { id: "state", name: "State" },
        { id: "aliases", name: "Aliases" },
        { id: "commit", name: "Commit" },
        { id: "built", name: "Registered" },
      ]}
      rows={versions.map((v) => {
        const places = serving.get(v.version) ?? [];
        return {
          id: v.id,
          card: (
            <>
              <Link className="b" href={`${modelHref(model)}/versions/${encodeURIComponent(v.version)}`}>
                {v.version}
              </Link>{" "}
              {v.digest ? (
                <Digest value={`sha256:${v.digest}`} copy={false} />
              ) : (
                <Status state="unknown" word="No digest" />
              )}
              <div className="ink2">
                {places.length > 0
                  ? places.map((p) => `in ${p.environment}${p.bypass ? " without a release" : ""}`).join(", ")
                  : "not deployed"}
                , registered <When at={v.registeredAt} />
              </div>
            </>
          ),
          cells: {
            version: (
              <Link className="b" href={`${modelHref(model)}/versions/${encodeURIComponent(v.version)}`}>
                {v.version}
              </Link>
            ),
            digest: v.digest ? (
              <Digest value={`sha256:${v.digest}`} copy={false} />
            ) : (
              <Status state="unknown" word="No digest" />
            ),
            state:
              places.length > 0 ? (
                places.map((p) =>
                  p.bypass ? (
                    <Status key={p.environment} state="fail" word={`In ${p.environment} without a release`} />
                  ) : (
                    <Status
                      key={p.environment}
                      state="live"
                      word={p.environment === "prod" ? "Live" : `In ${p.environment}`}
                    />
                  ),
                )
              ) : (
                <span className="mut">
                  {v.status === "READY" ? "Not deployed" : v.status.toLowerCase().replaceAll("_", " ")}
                </span>
              ),
            aliases:
              v.aliases.length > 0 ? <span className="mono">{v.aliases.map((a) => `@${a}`).join(" ")}</span> : "",
            commit: v.commit ? (
              <span className="mono">{v.commit.slice(0, 7)}</span>
            ) : (
              <span className="mut">not recorded</span>
            ),
            built: (
              <>
                <When at={v.registeredAt} />
                {v.runId ? `, run ${v.runId.slice(0, 8)}` : ""}
              </>
            ),
          },
        };
      })}
    />
  );
}
