"use client";

/** The frame itself failed: no styles of ours can be relied on here. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <head>
        <title>The portal did not answer</title>
      </head>
      <body
        style={{
          color: "#1a1a17",
          background: "#fafaf8",
          font: "14px/20px system-ui, sans-serif",
          padding: 32,
          maxWidth: 560,
        }}
      >
        <main>
          <h1 style={{ fontSize: 20, lineHeight: "28px" }}>The portal did not answer</h1>
          <p>Nothing was changed. {error.digest ? `Quote fault ${error.digest} when you report this.` : ""}</p>
          <button
            type="button"
            onClick={reset}
            style={{ color: "#fff", background: "#1c4e86", border: 0, padding: "8px 12px" }}
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
