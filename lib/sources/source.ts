import { z } from "zod";
import { type Actor, holds } from "@/lib/core/actor";
import { no, type Verdict, yes } from "@/lib/core/refusal";

/** Vocabulary of sources of facts: what a source observes (a subject), and which model that is. */
export const subjectName = z.string().trim().min(1, "Name the subject.").max(500, "At most 500 characters.");
const connection = z.uuid("The id of a connection.");

export const mapInput = z.strictObject({
  id: connection,
  subject: subjectName,
  model: z.string().trim().min(1, "Name the model.").max(250, "At most 250 characters."),
});

export const unmapInput = z.strictObject({ id: connection, subject: subjectName });

/** Characters of one file of SLOs. */
export const maxFileChars = 200_000;

export const fileInput = z.strictObject({
  id: connection,
  name: z
    .string()
    .trim()
    .min(1, "Give the file's name.")
    .max(200, "At most 200 characters.")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/ -]*$/, "Letters, digits, space, dot, dash, slash and underscore."),
  content: z.string().min(1, "The file is empty.").max(maxFileChars, "At most 200,000 characters."),
});

export const fileKey = fileInput.pick({ id: true, name: true });

/** Owners look for their own services among those that are no model yet; administrators set the sources up. */
export const maySeeSubjects = (actor: Actor): Verdict =>
  holds(actor, "inventory:write") || holds(actor, "connections:read")
    ? yes
    : no("forbidden", "Sources of facts are seen by model owners, architects and administrators.");
