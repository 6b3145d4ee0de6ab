import "server-only";
import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { people, sessions } from "@/db/schema/org";
import { command } from "@/lib/core/command";
import { Refusal } from "@/lib/core/refusal";
import { findPersonFor } from "@/lib/people/find";
import { mayEndSessions } from "./session";

/** Ends one session: sign-out of this browser, or of another one that one no longer trusts. */
export const endSession = command({
  name: "session.ended",
  title: "End a session",
  http: { method: "DELETE", path: "/sessions/{session}" },
  input: z.strictObject({ session: z.uuid("Give the id of the session.") }),
  load: async (tx, input, actor) => {
    const [row] = await tx
      .select({ session: sessions.id, id: people.id, name: people.name, email: people.email })
      .from(sessions)
      .innerJoin(people, eq(people.id, sessions.userId))
      .where(eq(sessions.id, input.session));
    // Someone else's session is not to be guessed at: it answers like one that does not exist.
    if (!row || !mayEndSessions(actor, row).ok)
      throw new Refusal("not_found", "There is no such session; it may have ended already.");
    return row;
  },
  may: mayEndSessions,
  run: async (tx, { subject, actor }) => {
    const gone = await tx.delete(sessions).where(eq(sessions.id, subject.session)).returning({ id: sessions.id });
    if (gone.length === 0) throw new Refusal("conflict", "This session has just ended.");
    return {
      result: { id: subject.session },
      entry: {
        subject: { kind: "person", id: subject.id, ref: subject.email },
        summary: actor.id === subject.id ? "signed out" : `ended a session of ${subject.name}`,
        body: { session: subject.session },
      },
    };
  },
});

/** Signs a person out of every browser; `except` keeps the one at hand. */
export const endAllSessions = command({
  name: "session.all.ended",
  title: "Sign a person out everywhere",
  http: { method: "POST", path: "/people/{person}/sign-out" },
  input: z.strictObject({ person: z.string().min(1).max(200), except: z.uuid().optional() }),
  load: (tx, input, actor) => findPersonFor(tx, input.person, actor),
  may: mayEndSessions,
  run: async (tx, { input, subject: person, actor }) => {
    const gone = await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, person.id), input.except ? ne(sessions.id, input.except) : undefined))
      .returning({ id: sessions.id });
    if (gone.length === 0) return { unchanged: { ended: 0 } };
    return {
      result: { ended: gone.length },
      entry: {
        subject: { kind: "person", id: person.id, ref: person.email },
        summary: actor.id === person.id ? "signed out everywhere" : `signed ${person.name} out everywhere`,
        body: { sessions: gone.map((s) => s.id) },
      },
    };
  },
});
