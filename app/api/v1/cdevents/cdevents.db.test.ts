import { afterAll, beforeAll, expect, test } from "vitest";
import { noParams, testApi } from "@/lib/testing/api";
import { GET } from "../[...path]/route";
import { POST } from "./route";

let api: Awaited<ReturnType<typeof testApi>>;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.drop());

const minute = 60_000;
const begin = Date.now();
const send = async (type: string, minutesAgo: number, subject: string, more: object = {}) => {
  const event = {
    context: {
      specversion: "0.5.0",
      id: `${type} ${minutesAgo} ${subject}`,
      source: "/pagers/eu",
      type: `dev.cdevents.incident.${type}.0.2.0`,
      timestamp: new Date(begin - minutesAgo * minute).toISOString(),
    },
    subject: { id: subject, content: { description: "Scores stuck at zero", environment: { id: "production" } } },
    customData: { model: api.known.model.name, severity: 2, ...more },
  };
  const answer = await POST(
    new Request("http://localhost:3000/api/v1/cdevents", {
      method: "POST",
      headers: { authorization: `Bearer ${api.tokens.everyone}`, "content-type": "application/json" },
      body: JSON.stringify(event),
    }),
    noParams,
  );
  return { status: answer.status, body: await answer.json() };
};
const stored = async (): Promise<unknown> => {
  const request = new Request("http://localhost:3000/api/v1/incidents", {
    headers: { authorization: `Bearer ${api.tokens.everyone}` },
  });
  return (await GET(request, { params: Promise.resolve({ path: ["incidents"] }) })).json();
};

test("an incident that is detected, reported and resolved is one; what ends before it began is not recorded and says so", async () => {
  expect(await send("resolved", 90, "INC77")).toMatchObject({
    status: 202,
    body: { ignored: expect.stringContaining("send its detection first") },
  });
  expect(await send("detected", 60, "INC77")).toMatchObject({ status: 201, body: { recorded: "incident" } });
  expect(await send("reported", 50, "INC77")).toMatchObject({ status: 201 });
  expect(await send("detected", 60, "INC77")).toMatchObject({ status: 201 });
  expect(await stored()).toMatchObject({
    incidents: [{ model: api.known.model.name, title: "Scores stuck at zero", severity: 2, resolvedAt: null }],
  });
  const ended = await send("resolved", 20, "INC77");
  expect(ended).toMatchObject({ status: 201, body: { recorded: "end of an incident", result: { minutes: 40 } } });
  expect(await send("resolved", 10, "INC77")).toMatchObject({
    status: 202,
    body: { ignored: expect.stringContaining("resolved already") },
  });
  expect(await stored()).toMatchObject({ incidents: [{ resolvedAt: expect.any(String) }] });
});

test("a model that is not there is not found, and nothing is recorded", async () => {
  const before = await stored();
  expect(await send("detected", 5, "INC78", { model: "nobody-knows" })).toMatchObject({ status: 404 });
  expect(await send("resolved", 4, "INC78", { model: "nobody-knows" })).toMatchObject({ status: 404 });
  expect(await stored()).toEqual(before);
});
