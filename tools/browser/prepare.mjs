// What pages show that the demonstration does not have: a long README, withdrawn versions, invitations.
import { readFileSync } from "node:fs";
import { call, publish } from "./lib/registry.mjs";

const readme = readFileSync(new URL("testdata/README.md", import.meta.url), "utf8");
const description = "Runs jobs at the times that a table names";
for (const [version, postgres] of [["1.0.0", 16], ["1.1.0", 17], ["1.2.0", 16], ["1.2.0", 17], ["1.2.0", 18]]) {
  await publish("timetable", version, { postgres, readme, description });
}
await call("POST", "/api/v1/trunk-projects/timetable/version/1.1.0/yank", { json: { reason: "Forgets jobs after a restart.", replacement: "1.2.0" } });
await publish("withdrawn_whole", "0.1.0", { description: "Every version of it is withdrawn" });
await call("POST", "/api/v1/trunk-projects/withdrawn_whole/version/0.1.0/yank", { json: { reason: "It was an attempt." } });
await publish("outdated", "2.0.0", { description: "Says what to use instead of it" });
await call("POST", "/api/v1/trunk-projects/outdated/deprecate", { json: { message: "Use timetable." } });
await call("POST", "/token/new", { token: process.env.TRUNK_SIGN_IN });
await call("POST", "/api/v1/trunk-projects/timetable/owners", { json: { user: "carol" } });
