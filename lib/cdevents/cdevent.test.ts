import { expect, test } from "vitest";
import { meaningOf, parseCdEvent } from "./cdevent";

const event = (type: string, content: object, more: object = {}) => ({
  context: {
    specversion: "0.5.0",
    id: "271069a8-fc18-44f1-b38f-9d70a1695819",
    source: "/event/source/argo",
    type: `dev.cdevents.${type}.0.2.0`,
    timestamp: "2026-11-20T14:27:05.315384Z",
  },
  subject: { id: "mySubject123", source: "/event/source/123", type: "service", content },
  ...more,
});
const deployed = { environment: { id: "envs/production" }, artifactId: "pkg:mlflow/card-fraud-score@7.0.0?x=1" };

test("a deployed, upgraded and rolled back service is a deployment of the version that its artefact names", () => {
  expect(meaningOf(parseCdEvent(event("service.deployed", deployed)))).toEqual({
    what: "deployment",
    input: {
      name: "card-fraud-score",
      version: "7.0.0",
      environment: "prod",
      since: "2026-11-20T14:27:05.315Z",
    },
  });
  expect(meaningOf(parseCdEvent(event("service.rolledback", deployed)))).toMatchObject({ input: { kind: "rollback" } });
  // Named by custom data, inside a structured CloudEvent, of the version before.
  const { context, ...rest } = event("service.upgraded", { environment: { id: "staging" } });
  const { specversion: _, ...old } = context;
  const wrapped = {
    specversion: "1.0",
    id: "1",
    type: context.type,
    source: "x",
    data: { ...rest, context: { ...old, version: "0.4.1" }, customData: { model: "churn", version: "3" } },
  };
  expect(meaningOf(parseCdEvent(wrapped))).toMatchObject({
    input: { name: "churn", version: "3", environment: "staging" },
  });
});

test("a finished test suite is the fact that it passed; what cannot be told is said, never guessed", () => {
  const suite = (outcome: string | undefined) =>
    meaningOf(
      parseCdEvent(event("testsuiterun.finished", { outcome }, { customData: { model: "churn", version: "3" } })),
    );
  expect(suite("pass")).toMatchObject({
    what: "evaluation",
    input: { facts: [{ key: "eval.suite_passed", value: true }] },
  });
  expect(suite("fail")).toMatchObject({ input: { facts: [{ value: false }] } });
  expect(suite(undefined)).toMatchObject({ what: "ignored", why: expect.stringContaining("how the test suite ended") });
  expect(meaningOf(parseCdEvent(event("service.deployed", { environment: { id: "prod" } })))).toMatchObject({
    what: "ignored",
    why: expect.stringContaining("names no model"),
  });
  expect(meaningOf(parseCdEvent(event("change.merged", {})))).toMatchObject({ what: "ignored" });
});

test("an incident of production is one incident by its source and subject, however it is first told of", () => {
  const incident = (type: string, content: object, customData: object = { model: "churn" }) =>
    meaningOf(parseCdEvent(event(`incident.${type}`, content, { customData })));
  const external = { source: "/event/source/argo", id: "mySubject123" };
  expect(incident("detected", { description: "Scores stuck at zero\nsince noon" })).toEqual({
    what: "incident",
    input: {
      model: "churn",
      title: "Scores stuck at zero",
      severity: 3,
      startedAt: "2026-11-20T14:27:05.315Z",
      external,
    },
  });
  expect(
    incident("reported", { environment: { id: "envs/production" } }, { model: "churn", severity: 1 }),
  ).toMatchObject({
    input: { title: "Incident mySubject123 of /event/source/argo", severity: 1, external },
  });
  expect(incident("resolved", {})).toEqual({
    what: "end of an incident",
    model: "churn",
    external,
    resolvedAt: "2026-11-20T14:27:05.315Z",
  });
  expect(incident("detected", { environment: { id: "staging" } })).toMatchObject({
    why: expect.stringContaining("staging"),
  });
  expect(incident("detected", {}, {})).toMatchObject({ why: expect.stringContaining("names no model") });
});

test("what is no CDEvent is refused by its field", () => {
  expect(() => parseCdEvent({})).toThrow("context");
  expect(() => parseCdEvent(event("Service", {}))).toThrow("context.type");
  const { context, ...rest } = event("service.deployed", deployed);
  expect(() => parseCdEvent({ ...rest, context: { ...context, specversion: "0.1.0" } })).toThrow("0.4 and 0.5");
  expect(() => parseCdEvent({ ...rest, context: { ...context, timestamp: "yesterday" } })).toThrow("context.timestamp");
});
