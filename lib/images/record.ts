import "server-only";
import { eq } from "drizzle-orm";
import { images } from "@/db/schema/images";
import { command, type Done, type Unchanged } from "@/lib/core/command";
import { query } from "@/lib/core/query";
import { insist, Refusal } from "@/lib/core/refusal";
import { ImageRead, ImageUpload, mayAddImage, mayReadImage } from "./image";

type Image = typeof images.$inferSelect;

/** Records a picture whose bytes are already in the blob store. The upload route is its only door. */
export const recordImage = command({
  name: "image.uploaded",
  title: "Add a picture to texts",
  http: null,
  input: ImageUpload,
  load: async (tx, { sha256 }) => {
    const [known] = await tx.select().from(images).where(eq(images.sha256, sha256));
    return known ?? null;
  },
  may: (actor) => mayAddImage(actor),
  run: async (tx, { input, subject: known, actor, now }): Promise<Done<Image> | Unchanged<Image>> => {
    const [image] = await tx
      .insert(images)
      .values({ ...input, uploadedBy: actor.id, uploadedAt: now, sentAt: now })
      .onConflictDoUpdate({ target: images.sha256, set: { sentAt: now } })
      .returning();
    if (!image) throw new Error("The picture was not written.");
    if (known) return { unchanged: image };
    return {
      result: image,
      entry: {
        subject: { kind: "image", id: image.sha256, ref: image.sha256.slice(0, 12) },
        summary: `added the picture ${image.name || image.sha256.slice(0, 12)}`,
        body: { ...input },
      },
    };
  },
});

/** Type and size of a picture that a text names. */
export const imageOf = query({
  name: "image.read",
  title: "Read a picture of a text",
  http: null,
  input: ImageRead,
  run: async (read, { sha256 }, actor): Promise<Image> => {
    insist(mayReadImage(actor));
    const [image] = await read.select().from(images).where(eq(images.sha256, sha256));
    if (!image) throw new Refusal("not_found", "There is no picture with this digest.");
    return image;
  },
});
