import "server-only";
import type { z } from "zod";
import type { Reader } from "@/db/client";
import type { Actor } from "./actor";
import { inPast } from "./as-of";
import type { Ctx, Http } from "./command";
import { parse } from "./parse";

type Spec<I extends z.ZodType, O> = {
  name: string;
  title: string;
  http: Http | null;
  input: I;
  output?: z.ZodType;
  /** Reads, scoped in the WHERE by what the actor may see; what may not be seen is not_found. */
  run: (read: Reader, input: z.output<I>, actor: Actor, now: Date) => Promise<O>;
};

export type Query<I extends z.ZodType = z.ZodType, O = unknown> = ((ctx: Ctx, raw: unknown) => Promise<O>) & {
  spec: { kind: "query"; name: string; title: string; http: Http | null; input: I; output?: z.ZodType };
};

/** The only way to read on someone's behalf. It gets a Reader, which cannot write. */
export function query<I extends z.ZodType, O>(spec: Spec<I, O>): Query<I, O> {
  const call = async (ctx: Ctx, raw: unknown): Promise<O> => {
    const input = parse(spec.input, raw);
    const { asOf } = ctx;
    return asOf
      ? inPast(ctx.db, asOf, (read) => spec.run(read, input, ctx.actor, asOf))
      : spec.run(ctx.db, input, ctx.actor, ctx.now());
  };
  const { name, title, http, input, output } = spec;
  return Object.assign(call, { spec: { kind: "query" as const, name, title, http, input, output } });
}
