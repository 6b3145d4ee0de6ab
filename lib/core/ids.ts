import { v7 } from "uuid";

/** A new UUIDv7: sorts by time, so primary keys and keyset pages follow insertion order. */
export const newId = (): string => v7();

/** Whether a key that may also be a name or a reference is an id. Anything that is not could not be compared in the database. */
export const isUuid = (key: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(key);
