"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False on the server and while the browser takes the page over, then true. */
export const useInBrowser = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
