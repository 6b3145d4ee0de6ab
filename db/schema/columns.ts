import { customType, timestamp, uuid } from "drizzle-orm/pg-core";
import { newId } from "@/lib/core/ids";

/** Raw bytes. Whatever is hashed or signed is stored like this, never as jsonb, which reorders keys. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** Words for full-text search. */
export const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** UTC instant. */
export const instant = () => timestamp({ withTimezone: true, mode: "date" });

/** UUIDv7 primary key, made by the application so that a command knows its ids before it writes. */
export const id = () => uuid().primaryKey().$defaultFn(newId);

/**
 * A JSON value that comes back as it was stored. Drizzle's own jsonb parses a second time what the driver has parsed already, so
 * that the text "7" would come back as the number 7.
 */
export const exactJson = <T>() =>
  customType<{ data: T; driverData: unknown }>({
    dataType: () => "jsonb",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => value as T,
  })();
