import { v7 } from "uuid";

/** A new UUIDv7: sorts by time, so primary keys and keyset pages follow insertion order. */
export const newId = (): string => v7();
