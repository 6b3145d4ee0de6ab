"use client";
import { useEffect, useState } from "react";

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Time spent on an item of so many minutes. `seconds` are the server's; from there the browser only counts on, so its key changes with them. */
export function Timer({ seconds, minutes, running }: { seconds: number; minutes: number; running: boolean }) {
  const [extra, setExtra] = useState(0);
  useEffect(() => {
    if (!running) return;
    const from = performance.now();
    const timer = setInterval(() => setExtra((performance.now() - from) / 1000), 1000);
    return () => clearInterval(timer);
  }, [running]);
  const spent = seconds + (running ? extra : 0);
  const over = spent > minutes * 60;
  return (
    <span className={over ? "tm over" : "tm"} role="timer" aria-label={`Time on this item, of ${minutes} minutes`}>
      {clock(spent)}{" "}
      <span className="of">
        of {minutes}:00{over ? ", over" : ""}
      </span>
    </span>
  );
}
