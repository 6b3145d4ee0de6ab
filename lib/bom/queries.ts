import "server-only";
import { v5 } from "uuid";
import { z } from "zod";
import { query } from "@/lib/core/query";
import { modelKey } from "@/lib/models/inputs";
import { aboutVersion } from "./about";
import { mlBom } from "./ml-bom";

/** Namespace of the serial numbers of bills of materials: any fixed UUID does, it is ours since the first one. */
const serials = "0b6a1a52-6d0f-5c1b-9d6b-7a3f6c1f2e44";

/** The bill of materials of a model's version (left out: the newest), as CycloneDX 1.7 JSON with a model card. */
export const modelBom = query({
  name: "model.bom.read",
  title: "Read a model's bill of materials (CycloneDX 1.7)",
  http: { method: "GET", path: "/models/{name}/bom" },
  input: z.strictObject({ name: modelKey, version: z.string().min(1).max(120).optional() }),
  run: async (read, input, actor, now) => {
    const { modelId, versionId, ...about } = await aboutVersion(read, input.name, input.version, actor);
    // The same subject read at the same instant is the same document.
    const serial = v5(`${versionId ?? modelId} ${now.toISOString()}`, serials);
    return mlBom({ ...about, serial, at: now });
  },
});
