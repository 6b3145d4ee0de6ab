"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { FileDrop } from "@/components/ui/file-drop";
import { Notice } from "@/components/ui/notice";
import { maxImportBytes } from "@/lib/imports/import";

type Sending = { percent: number; checking: boolean };

/** Sends a file to be checked, shows how far it is, and goes to the dry run. What the server refuses is said in its words. */
export function Upload() {
  const router = useRouter();
  const [sending, setSending] = useState<Sending | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const request = useRef<XMLHttpRequest | null>(null);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get("file");
    if (!(file instanceof File) || sending) return;
    setRefused(null);
    setSending({ percent: 0, checking: false });
    // fetch does not say how much of a body is sent; XMLHttpRequest does.
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    xhr.open("POST", "/api/v1/imports");
    xhr.setRequestHeader("content-type", "text/csv");
    xhr.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    xhr.upload.onprogress = (e) => setSending({ percent: Math.round((100 * e.loaded) / e.total), checking: false });
    xhr.upload.onload = () => setSending({ percent: 100, checking: true });
    xhr.onerror = () => failed("The connection broke before the file was checked. Nothing was changed; send it again.");
    xhr.onabort = () => failed("Stopped. Nothing was changed.");
    xhr.onload = () => {
      const answer = answerOf(xhr.responseText);
      if (xhr.status === 201 && answer.id) router.push(`/models/import/${answer.id}`);
      else failed(answer.detail ?? `The portal answered ${xhr.status}. Nothing was changed.`);
    };
    xhr.send(file);
  };
  const failed = (why: string) => {
    setSending(null);
    setRefused(why);
  };

  return (
    <form onSubmit={onSubmit} aria-label="Check a file" aria-busy={sending !== null}>
      <FileDrop
        name="file"
        label="File"
        accept=".csv,.tsv,.txt,text/csv"
        maxBytes={maxImportBytes}
        hint="CSV in UTF-8 or UTF-16, comma, semicolon or tab between cells, at most 20 MB and 20,000 rows."
      />
      <div className="form-foot">
        <Button type="submit" tone="primary" disabled={sending !== null}>
          {sending ? "Sending" : "Check the file"}
        </Button>
        {sending ? (
          <>
            <Button onClick={() => request.current?.abort()}>Stop</Button>
            <progress max={100} value={sending.percent} aria-label="Sent" />
            <span className="lbl" role="status">
              {sending.checking ? "Checking every row" : `${sending.percent} % sent`}
            </span>
          </>
        ) : null}
      </div>
      {refused ? (
        <Notice tone="fail" live>
          {refused}
        </Notice>
      ) : null}
    </form>
  );
}

function answerOf(text: string): { id?: string; detail?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    return {
      ...("id" in value && typeof value.id === "string" ? { id: value.id } : {}),
      ...("detail" in value && typeof value.detail === "string" ? { detail: value.detail } : {}),
    };
  } catch {
    // A proxy on the way may answer with a page of its own.
    return {};
  }
}
